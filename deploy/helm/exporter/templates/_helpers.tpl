{{- define "exporter.name" -}}
{{- default .Release.Name .Values.nameOverride | trunc 56 | trimSuffix "-" -}}
{{- end -}}

{{- define "exporter.selector" -}}
app.kubernetes.io/name: {{ include "exporter.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "exporter.labels" -}}
{{ include "exporter.selector" . }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ .Chart.Name }}-{{ .Chart.Version }}
{{- end -}}

{{- define "exporter.probe" -}}
{ path: {{ .path }}, port: metrics, scheme: {{ .scheme }} }
{{- end -}}

{{- define "exporter.endpoint" -}}
port: metrics
scheme: {{ lower .Values.scheme }}
interval: {{ .Values.monitor.interval }}
scrapeTimeout: {{ .Values.monitor.scrapeTimeout }}
{{- with .Values.monitor.endpoint }}
{{ toYaml . }}
{{- end }}
{{- end -}}
