import assert from 'node:assert/strict';
import * as path from 'node:path';
import {
  execLaunch,
  execPluginQuestion,
  programName,
  withoutGivenValues,
  type NamedExecEntry,
} from '../../../src/cluster/execPlugin';

const USER_PATH = path.resolve('/home/me/.kube/config');

function exec(command: string, more: Partial<NamedExecEntry> = {}): NamedExecEntry {
  return {
    apiVersion: undefined,
    args: [],
    env: [],
    interactiveMode: undefined,
    provideClusterInfo: false,
    command,
    ...more,
  };
}
const question = (entry: NamedExecEntry, userPath = USER_PATH) =>
  execPluginQuestion(execLaunch(entry, userPath));
const fingerprint = (entry: NamedExecEntry, userPath = USER_PATH): string =>
  question(entry, userPath).fingerprint;

describe('how an exec plugin is started', () => {
  it('leaves a bare name to the PATH, in no folder of its own', () => {
    assert.deepEqual(execLaunch(exec('aws', { args: ['eks'] }), USER_PATH), {
      command: 'aws',
      args: ['eks'],
      env: [],
    });
  });

  it('finds a path from the folder of the kubeconfig, and runs there', () => {
    const { command, cwd } = execLaunch(exec('./bin/sign-in'), USER_PATH);
    assert.equal(command, path.resolve('/home/me/.kube/bin/sign-in'));
    assert.equal(cwd, path.resolve('/home/me/.kube'));
  });
});

describe('the question about an exec plugin', () => {
  it('shows the whole line and the names of variables, and keeps their values to itself', () => {
    const asked = question(
      exec('aws', {
        args: ['--profile', 'a b'],
        env: [
          { name: 'AWS_KEY', value: 'SECRET' },
          { name: 'EMPTY', value: undefined },
        ],
      }),
    );
    assert.equal(asked.program, 'aws');
    assert.equal(asked.commandLine, 'aws --profile "a b"');
    assert.deepEqual(asked.environmentNames, ['AWS_KEY', 'EMPTY']);
    assert.doesNotMatch(JSON.stringify(asked), /SECRET/);
  });

  it('shows nothing that hides, reorders or imitates', () => {
    const { commandLine, environmentNames, program } = question(
      exec('a\u0430ws', {
        args: [
          '\u202Ecod.exe',
          'x\n\nAllowed by your company',
          `a${' '.repeat(500)}rm`,
          '\u{E0041}',
          '"',
          '',
        ],
        env: [{ name: 'A\u202E', value: '' }],
      }),
    );
    assert.match(commandLine, /^[\x20-\x7e]*$/);
    assert.equal(
      commandLine.replace(/(?:\\u\{20\}){499}/, '…'),
      String.raw`"a\u{430}ws" "\u{202e}cod.exe" "x\n\nAllowed by your company" "a …rm" "\u{e0041}" "\"" ""`,
    );
    assert.deepEqual(environmentNames, [String.raw`A\u{202e}`]);
    assert.equal(program, String.raw`a\u{430}ws`);
  });

  it('is another one as soon as anything that is run differs', () => {
    const base = exec('./a', { args: ['x', 'y'], env: [{ name: 'N', value: 'v' }] });
    const all = [
      base,
      { ...base, command: './b' },
      { ...base, command: 'a' },
      { ...base, args: ['x y'] },
      { ...base, args: ['y', 'x'] },
      { ...base, args: ['x'] },
      { ...base, env: [] },
      { ...base, env: [{ name: 'N', value: 'w' }] },
      { ...base, env: [{ name: 'M', value: 'v' }] },
      { ...base, env: [...base.env, { name: 'LD_PRELOAD', value: 'x' }] },
      { ...base, args: ['x', 'y', 'N', 'v'], env: [] },
    ].map((entry) => fingerprint(entry));
    all.push(fingerprint(base, path.resolve('/home/me/other/config')));
    all.push(fingerprint({ ...base, command: path.resolve('/home/me/.kube/a') }, '/elsewhere/config'));
    assert.equal(new Set(all).size, all.length);
    all.forEach((one) => assert.match(one, /^[0-9a-f]{64}$/));
  });

  it('is the same one for the same thing, also where it is asked for differently', () => {
    const entry = exec('./bin/a', { args: ['x'], env: [{ name: 'N', value: 'v' }] });
    assert.equal(fingerprint(entry), fingerprint({ ...entry, provideClusterInfo: true, apiVersion: 'v1' }));
    assert.equal(fingerprint(entry), fingerprint({ ...entry, command: '././bin/a' }));
    // A bare name is the same wherever the kubeconfig is.
    assert.equal(fingerprint(exec('aws')), fingerprint(exec('aws'), path.resolve('/elsewhere/config')));
  });
});

describe('the name of a program', () => {
  for (const [command, name] of [
    ['aws', 'aws'],
    ['/usr/local/bin/kubelogin', 'kubelogin'],
    [String.raw`C:\Program Files\Amazon\aws.exe`, 'aws.exe'],
    ['./my tool', 'my tool'],
    ['kubectl --token=SECRET', 'kubectl'],
    ['/usr/bin/kubectl --token /x/SECRET', 'kubectl'],
  ] as const) {
    it(`is ${name} for ${command}`, () => assert.equal(programName(command), name));
  }

  it('stays short', () => assert.equal(programName('a'.repeat(1000)).length, 60));
});

describe('what a plugin said, without what it was given', () => {
  const said = (text: string, args: string[], env: NamedExecEntry['env'] = []): string =>
    withoutGivenValues(text, execLaunch(exec('p', { args, env }), USER_PATH));

  for (const [where, args, env] of [
    ['an option', ['--client-secret=hunter22'], []],
    ['an option that is one word', ['--client-secret=hunter'], []],
    ['the argument of an option', ['--client-secret', 'hunter22'], []],
    ['the argument of an option that is one word', ['-p', 'hunter'], []],
    ['a short option', ['-phunter22'], []],
    ['an argument', ['login', 'me', 'hunter22'], []],
    ['a script', ['-c', 'curl -d "hunter22" https://sso'], []],
    ['a variable', [], [{ name: 'KEY', value: 'hunter' }]],
    ['a part of a variable', [], [{ name: 'KEY', value: 'user=me,key=hunter22' }]],
  ] as const) {
    it(`has no value of ${where}`, () => {
      const secret = /hunter(?:22)?/.exec(JSON.stringify([args, env]))?.[0] ?? '';
      const shown = said(`wrong: ${secret}, or x${secret}x`, [...args], [...env]);
      assert.equal(shown, 'wrong: ‹redacted›, or x‹redacted›x');
    });
  }

  it('has no value in quotes or in an address', () => {
    const args = ['--secret', 'ab"c d/$&'];
    assert.equal(said(String.raw`got "ab\"c d/$&"`, args), 'got "‹redacted›"');
    assert.equal(said('GET /?secret=ab%22c%20d%2F%24%26&x', args), 'GET /?secret=‹redacted›&x');
  });

  it('keeps what makes it understood', () => {
    const text = 'unknown flag --cluster-name of "get-token" in eks: please run "aws sso login" -v';
    assert.equal(said(text, ['-v', '--debug', '--cluster-name=x', 'eks', 'get-token']), text);
  });
});
