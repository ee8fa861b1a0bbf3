/** What of OTLP metrics becomes of samples; as the arguments of `otelcol.exporter.prometheus`. */
export interface SampleOptions {
  readonly add_metric_suffixes: boolean
  readonly include_target_info: boolean
  readonly include_scope_info: boolean
  readonly include_scope_labels: boolean
  readonly keep_identifying_resource_attributes: boolean
  readonly resource_to_telemetry_conversion: boolean
  readonly honor_metadata: boolean
}
