{{- /* The coordinator says how many workers find something to do: 0 only where nothing is left, and no more than may start. */ -}}
{{- define "scanfleet.trigger.metrics-api" -}}
- type: metrics-api
  metricType: AverageValue
  metadata:
    url: http://{{ include "scanfleet.fullname" .root }}-coordinator.{{ .root.Release.Namespace }}.svc:8080/v1/queue
    valueLocation: desired_workers
    targetValue: "1"
    activationTargetValue: "0"
{{- end -}}

{{- define "scanfleet.trigger.prometheus" -}}
- type: prometheus
  metricType: AverageValue
  metadata:
    serverAddress: {{ required "autoscaling.keda.prometheus.serverAddress is needed for trigger prometheus" .root.Values.autoscaling.keda.prometheus.serverAddress }}
    query: max(scanfleet_queue_desired_workers{namespace={{ .root.Release.Namespace | quote }}})
    threshold: "1"
    activationThreshold: "0"
    # No answer is no zero: it counts as a failure, and the fallback keeps the workers.
    ignoreNullValues: "false"
  {{- if .root.Values.autoscaling.keda.prometheus.existingSecret }}
    authModes: bearer
  authenticationRef:
    name: {{ include "scanfleet.fullname" .root }}-worker
  {{- end }}
{{- end -}}

{{- /* KEDA counts keys of the queue, and the largest answer wins. A bucket has at most 16 jobs in flight, so that many
buckets with ready jobs are worth one worker; each of the keys alone keeps one worker awake, so work in any state does. */ -}}
{{- define "scanfleet.trigger.redis" -}}
{{- $perWorker := max 1 (div .concurrency 16) -}}
{{- $concurrency := .concurrency -}}
{{- $fleet := .fleet -}}
{{- $root := .root -}}
{{- range $key, $target := dict "ring:bulk" $perWorker "ring:now" $perWorker "lease" $concurrency "dly" 100000 "susp" 100000 }}
- type: redis
  metricType: AverageValue
  metadata:
    {{- include "scanfleet.redisAddress" $root | nindent 4 }}
    listName: {{ printf "{%s}:%s" $fleet $key | quote }}
    listLength: {{ $target | quote }}
    activationListLength: "0"
  {{- if include "scanfleet.kedaRedis" $root }}
  authenticationRef:
    name: {{ include "scanfleet.fullname" $root }}-worker
  {{- end }}
{{- end }}
{{- end -}}

{{- define "scanfleet.redisAddress" -}}
{{- if .Values.valkey.enabled -}}
address: {{ include "scanfleet.fullname" . }}-valkey.{{ .Release.Namespace }}.svc:6379
username: scanfleet
{{- if .Values.valkey.tls.existingSecret }}
enableTLS: "true"
{{- end }}
{{- else -}}
address: {{ required "redis.host is needed for trigger redis" .Values.redis.host }}:{{ .Values.redis.port }}
{{- with .Values.redis.username }}
username: {{ . }}
{{- end }}
{{- if .Values.redis.tls }}
enableTLS: "true"
{{- end }}
{{- end }}
{{- end -}}

{{- define "scanfleet.redisPassword" -}}
{{- if .Values.valkey.enabled }}
- parameter: password
  name: {{ include "scanfleet.valkeySecret" . }}
  key: {{ .Values.valkey.auth.key }}
{{- if .Values.valkey.tls.existingSecret }}
- parameter: ca
  name: {{ .Values.valkey.tls.existingSecret }}
  key: ca.crt
{{- end }}
{{- else if .Values.redis.auth.existingSecret }}
- parameter: password
  name: {{ .Values.redis.auth.existingSecret }}
  key: {{ .Values.redis.auth.key }}
{{- end }}
{{- end -}}

{{- /* What KEDA needs to be let in by Redis, and to trust it; empty where nothing is. */ -}}
{{- define "scanfleet.kedaRedis" -}}
{{- with include "scanfleet.redisPassword" . }}
secretTargetRef:
  {{- . | nindent 2 }}
{{- end }}
{{- if and (not .Values.valkey.enabled) .Values.redis.ca.existingConfigMap }}
configMapTargetRef:
  - parameter: ca
    name: {{ .Values.redis.ca.existingConfigMap }}
    key: {{ .Values.redis.ca.key }}
{{- end }}
{{- end -}}
