{{- /* What every pod of the fleet says about security. */ -}}
{{- define "scanfleet.podSecurity" -}}
runAsNonRoot: true
runAsUser: {{ .Values.podSecurityContext.runAsUser }}
runAsGroup: {{ .Values.podSecurityContext.runAsUser }}
fsGroup: {{ .Values.podSecurityContext.fsGroup }}
fsGroupChangePolicy: OnRootMismatch
seccompProfile:
  type: RuntimeDefault
{{- end -}}

{{- define "scanfleet.containerSecurity" -}}
allowPrivilegeEscalation: false
readOnlyRootFilesystem: true
capabilities:
  drop: [ALL]
{{- end -}}

{{- /* Where the pods of a component run, and before whom. Takes (list $ component). */ -}}
{{- define "scanfleet.placement" -}}
{{- $root := index . 0 -}}
{{- $values := index $root.Values (index . 1) -}}
{{- $class := $values.priorityClassName -}}
{{- /* The chart's own classes are made after the pod of init, which runs before everything else. */ -}}
{{- if and (not $class) $root.Values.priorityClasses.create (ne (index . 1) "init") -}}
{{- $class = printf "%s-%s" (include "scanfleet.fullname" $root) (eq (index . 1) "worker" | ternary "work" "coordination") -}}
{{- end -}}
{{- with $class }}
priorityClassName: {{ . }}
{{- end }}
{{- with $values.nodeSelector }}
nodeSelector:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.tolerations }}
tolerations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- with $values.affinity }}
affinity:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "scanfleet.spread" -}}
{{- $root := index . 0 -}}
{{- $values := index $root.Values (index . 1) -}}
topologySpreadConstraints:
{{- if $values.topologySpreadConstraints }}
  {{- toYaml $values.topologySpreadConstraints | nindent 2 }}
{{- else }}
{{- range list "topology.kubernetes.io/zone" "kubernetes.io/hostname" }}
  - maxSkew: 1
    topologyKey: {{ . }}
    whenUnsatisfiable: ScheduleAnyway
    labelSelector:
      matchLabels:
        {{- include "scanfleet.selector" (list $root (index $ 1)) | nindent 8 }}
{{- end }}
{{- end }}
{{- end -}}

{{- /* One of the fleet's roles as a Deployment. Takes (list $ role replicas-are-ours). */ -}}
{{- define "scanfleet.role" -}}
{{- $root := index . 0 -}}
{{- $role := index . 1 -}}
{{- $values := index $root.Values $role -}}
{{- /* A role drains for up to 20 s; the schema refuses less, and this whoever overrides the schema's file. */ -}}
{{- if le (int $values.terminationGracePeriodSeconds) 20 -}}
{{- fail (printf "%s.terminationGracePeriodSeconds is %v: more than the 20 s of a drain is needed" $role $values.terminationGracePeriodSeconds) -}}
{{- end -}}
apiVersion: apps/v1
kind: Deployment
metadata:
  {{- include "scanfleet.metadata" (list $root $role) | nindent 2 }}
spec:
  {{- if index . 2 }}
  replicas: {{ $values.replicas }}
  {{- end }}
  revisionHistoryLimit: 5
  selector:
    matchLabels:
      {{- include "scanfleet.selector" (list $root $role) | nindent 6 }}
  strategy:
    type: RollingUpdate
    rollingUpdate:
      maxUnavailable: 0
      maxSurge: 1
  template:
    metadata:
      labels:
        {{- include "scanfleet.podLabels" (list $root $role) | nindent 8 }}
        {{- with $values.podLabels }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
      annotations:
        checksum/config: {{ include "scanfleet.configuration" $root | sha256sum }}
        checksum/files: {{ $root.Values.files | toJson | sha256sum }}
        {{- with $values.podAnnotations }}
        {{- toYaml . | nindent 8 }}
        {{- end }}
    spec:
      {{- include "scanfleet.imagePullSecrets" $root | nindent 6 }}
      serviceAccountName: {{ include "scanfleet.serviceAccountName" (list $root $role) }}
      automountServiceAccountToken: false
      enableServiceLinks: false
      terminationGracePeriodSeconds: {{ $values.terminationGracePeriodSeconds }}
      securityContext:
        {{- include "scanfleet.podSecurity" $root | nindent 8 }}
      {{- include "scanfleet.placement" (list $root $role) | nindent 6 }}
      {{- include "scanfleet.spread" (list $root $role) | nindent 6 }}
      containers:
        - name: {{ $role }}
          image: {{ include "scanfleet.image" (list $root $root.Values.image) }}
          imagePullPolicy: {{ $root.Values.image.pullPolicy }}
          args: [{{ $role }}]
          {{- include "scanfleet.environment" (list $root $values) | nindent 10 }}
          ports:
            - name: http
              containerPort: 8080
              protocol: TCP
          startupProbe:
            httpGet: {path: /healthz, port: http}
            periodSeconds: 1
            failureThreshold: 60
          livenessProbe:
            httpGet: {path: /healthz, port: http}
            periodSeconds: 10
            timeoutSeconds: 5
            failureThreshold: 3
          readinessProbe:
            httpGet: {path: /readyz, port: http}
            periodSeconds: 5
            timeoutSeconds: 3
          resources:
            {{- toYaml $values.resources | nindent 12 }}
          securityContext:
            {{- include "scanfleet.containerSecurity" $root | nindent 12 }}
          {{- with include "scanfleet.mounts" (list $root $values) }}
          volumeMounts:
            {{- . | nindent 12 }}
          {{- end }}
      {{- with include "scanfleet.volumes" (list $root $values) }}
      volumes:
        {{- . | nindent 8 }}
      {{- end }}
{{- end -}}
