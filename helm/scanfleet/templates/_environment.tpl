{{- /* The settings as environment variables: reportPrefix is SCANFLEET_REPORT_PREFIX; empty ones are the binary's to choose. */ -}}
{{- define "scanfleet.configuration" -}}
{{- range $key, $value := .Values.config }}
{{- $text := toString $value }}
{{- if kindIs "slice" $value }}
{{- $text = join "," $value }}
{{- else if kindIs "float64" $value }}
{{- /* Whole numbers without an exponent, rates with their fraction. */ -}}
{{- $text = eq (floor $value) $value | ternary (printf "%.0f" $value) $text }}
{{- else if kindIs "bool" $value }}
{{- /* YAML's reading of a bare on or off. */ -}}
{{- $text = ternary "on" "off" $value }}
{{- end }}
{{- if $text }}
SCANFLEET_{{ $key | snakecase | upper }}: {{ $text | quote }}
{{- end }}
{{- end }}
SCANFLEET_LISTEN: "0.0.0.0:8080"
{{- with .Values.aws }}
AWS_REGION: {{ .region | quote }}
{{- with .endpointUrl }}
AWS_ENDPOINT_URL: {{ . | quote }}
{{- end }}
{{- range $service, $url := .endpointUrls }}
AWS_ENDPOINT_URL_{{ $service }}: {{ $url | quote }}
{{- end }}
{{- if .useFipsEndpoint }}
AWS_USE_FIPS_ENDPOINT: "true"
{{- end }}
{{- if .useDualstackEndpoint }}
AWS_USE_DUALSTACK_ENDPOINT: "true"
{{- end }}
{{- end }}
{{- end -}}

{{- define "scanfleet.valkeySecret" -}}
{{- default (printf "%s-valkey" (include "scanfleet.fullname" .)) .Values.valkey.auth.existingSecret -}}
{{- end -}}

{{- /* Where Redis is. Kubernetes puts the password into the URL, so that it stands in no manifest. */ -}}
{{- define "scanfleet.redis" -}}
{{- if .Values.valkey.enabled }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ include "scanfleet.valkeySecret" . }}, key: {{ .Values.valkey.auth.key }}}
- name: SCANFLEET_REDIS_URL
  value: {{ printf "%s://scanfleet:$(REDIS_PASSWORD)@%s-valkey.%s.svc:6379" (ternary "rediss" "redis" (ne .Values.valkey.tls.existingSecret "")) (include "scanfleet.fullname" .) .Release.Namespace }}
{{- else if .Values.redis.url.existingSecret }}
- name: SCANFLEET_REDIS_URL
  valueFrom:
    secretKeyRef: {name: {{ .Values.redis.url.existingSecret }}, key: {{ .Values.redis.url.key }}}
{{- else }}
{{- $host := required "redis.host or redis.url.existingSecret is needed where valkey.enabled is false" .Values.redis.host }}
{{- $user := "" }}
{{- with .Values.redis.auth.existingSecret }}
- name: REDIS_PASSWORD
  valueFrom:
    secretKeyRef: {name: {{ . }}, key: {{ $.Values.redis.auth.key }}}
{{- $user = printf "%s:$(REDIS_PASSWORD)@" $.Values.redis.username }}
{{- end }}
- name: SCANFLEET_REDIS_URL
  value: {{ printf "%s://%s%s:%v" (ternary "rediss" "redis" .Values.redis.tls) $user $host .Values.redis.port }}
{{- end }}
{{- if include "scanfleet.redisAuthorities" . }}
- name: SCANFLEET_REDIS_CA
  value: /etc/scanfleet-redis/ca.crt
{{- end }}
{{- end -}}

{{- /* The volume source of the certificates that Redis' own is checked against; empty for the system's. */ -}}
{{- define "scanfleet.redisAuthorities" -}}
{{- if and .Values.valkey.enabled .Values.valkey.tls.existingSecret -}}
secret:
  secretName: {{ .Values.valkey.tls.existingSecret }}
  items: [{key: ca.crt, path: ca.crt}]
{{- else if and (not .Values.valkey.enabled) .Values.redis.ca.existingConfigMap -}}
configMap:
  name: {{ .Values.redis.ca.existingConfigMap }}
  items: [{key: {{ .Values.redis.ca.key }}, path: ca.crt}]
{{- end -}}
{{- end -}}

{{- define "scanfleet.awsKeys" -}}
{{- range $name := list "AWS_ACCESS_KEY_ID" "AWS_SECRET_ACCESS_KEY" }}
- name: {{ $name }}
  valueFrom:
    secretKeyRef: {name: {{ $.Values.aws.existingSecret }}, key: {{ $name }}}
{{- end }}
{{- end -}}

{{- /* env and envFrom of a container of the fleet's image. Takes (list $ values-of-the-role). */ -}}
{{- define "scanfleet.environment" -}}
{{- $root := index . 0 -}}
{{- $values := index . 1 -}}
envFrom:
  - configMapRef:
      name: {{ include "scanfleet.fullname" $root }}-config
  {{- with $values.extraEnvFrom }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
env:
  {{- include "scanfleet.redis" $root | nindent 2 }}
  {{- if $root.Values.aws.existingSecret }}
  {{- include "scanfleet.awsKeys" $root | nindent 2 }}
  {{- end }}
  {{- range $name, $secret := dict "SCANFLEET_EXTERNAL_ID" $root.Values.secrets.externalId "SCANFLEET_HUBOT_URL" $root.Values.secrets.hubotUrl "SCANFLEET_HUBOT_TOKEN" $root.Values.secrets.hubotToken }}
  {{- if $secret.existingSecret }}
  - name: {{ $name }}
    valueFrom:
      secretKeyRef: {name: {{ $secret.existingSecret }}, key: {{ $secret.key }}}
  {{- end }}
  {{- end }}
  {{- with $values.extraEnv }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- end -}}

{{- /* Takes (list $ values-of-the-role). */ -}}
{{- define "scanfleet.mounts" -}}
{{- $root := index . 0 -}}
{{- if $root.Values.files }}
- name: files
  mountPath: /etc/scanfleet
  readOnly: true
{{- end }}
{{- if include "scanfleet.redisAuthorities" $root }}
- name: redis-authorities
  mountPath: /etc/scanfleet-redis
  readOnly: true
{{- end }}
{{- with (index . 1).extraVolumeMounts }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{- define "scanfleet.volumes" -}}
{{- $root := index . 0 -}}
{{- if $root.Values.files }}
- name: files
  configMap:
    name: {{ include "scanfleet.fullname" $root }}-files
{{- end }}
{{- with include "scanfleet.redisAuthorities" $root }}
- name: redis-authorities
  {{- . | nindent 2 }}
{{- end }}
{{- with (index . 1).extraVolumes }}
{{ toYaml . }}
{{- end }}
{{- end -}}
