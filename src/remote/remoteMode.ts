/** All of remote mode that is loaded once there is a hub to follow. */
export { FollowedHub } from './followedHub';
export { tryHub } from './tryHub';
