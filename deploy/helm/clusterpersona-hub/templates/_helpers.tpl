{{- define "hub.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{- define "hub.fullname" -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" -}}
{{- else if contains (include "hub.name" .) .Release.Name -}}
{{- .Release.Name | trunc 63 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name (include "hub.name" .) | trunc 63 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{/* Of all releases in a cluster: what is of the whole cluster needs a name of its own. */}}
{{- define "hub.clusterRoleName" -}}
{{- printf "%s-%s" .Release.Namespace (include "hub.fullname" .) | trunc 253 -}}
{{- end -}}

{{- define "hub.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "hub.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- required "serviceAccount.name is needed where serviceAccount.create is false" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "hub.selectorLabels" -}}
app.kubernetes.io/name: {{ include "hub.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "hub.labels" -}}
{{ include "hub.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 }}
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "hub.image" -}}
{{- if .Values.image.digest -}}
{{- printf "%s@%s" .Values.image.repository .Values.image.digest -}}
{{- else -}}
{{- printf "%s:%s" .Values.image.repository (default .Chart.AppVersion .Values.image.tag) -}}
{{- end -}}
{{- end -}}

{{/* "true" where client certificates are taken; fails where they cannot be. */}}
{{- define "hub.takesCertificates" -}}
{{- $name := .Values.auth.clientCaSecret.name -}}
{{- if and (eq .Values.auth.mode "mtls") (not $name) -}}
{{- fail "auth.clientCaSecret.name is needed where auth.mode is mtls" -}}
{{- else if and $name (not (has .Values.auth.mode (list "mtls" "kubernetes"))) -}}
{{- fail "auth.clientCaSecret is of use where auth.mode is mtls or kubernetes" -}}
{{- else if and $name (not .Values.tls.secretName) -}}
{{- fail "tls.secretName is needed where client certificates are taken" -}}
{{- end -}}
{{- ternary "true" "false" (ne $name "") -}}
{{- end -}}
