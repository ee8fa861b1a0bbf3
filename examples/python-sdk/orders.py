"""Serves one order and tells of it: two spans, two metrics and a log record that belongs to the
first span. Where it sends them, and how, is in the OTEL_ variables of the environment."""

import logging
import os
import time

from opentelemetry import metrics, trace
from opentelemetry._logs import set_logger_provider
from opentelemetry.instrumentation.logging.handler import LoggingHandler
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor

if os.environ.get("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc") == "grpc":
    from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
else:
    from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
    from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

SCOPE = "example.orders"
log = logging.getLogger(SCOPE)


def main() -> None:
    shutdown = set_up()
    serve_order(42)
    # Sends what is left; only then has everything been delivered.
    shutdown()


def set_up():
    """Registers providers of the three signals. What it returns stops them again."""
    service = Resource.create({"service.name": "orders-python", "service.version": "1.0.0"})

    tracers = TracerProvider(resource=service)
    tracers.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    trace.set_tracer_provider(tracers)

    reader = PeriodicExportingMetricReader(OTLPMetricExporter())
    meters = MeterProvider(resource=service, metric_readers=[reader])
    metrics.set_meter_provider(meters)

    loggers = LoggerProvider(resource=service)
    loggers.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
    set_logger_provider(loggers)
    # Everything that logs with the standard library is sent.
    handler = LoggingHandler(logger_provider=loggers)
    logging.basicConfig(level=logging.INFO, format="%(message)s", handlers=[handler])

    def shutdown() -> None:
        for provider in (tracers, meters, loggers):
            provider.shutdown()

    return shutdown


def serve_order(order: int) -> None:
    meter = metrics.get_meter(SCOPE)
    orders = meter.create_counter("orders", unit="{order}")
    duration = meter.create_histogram("http.server.request.duration", unit="s")

    start = time.perf_counter()
    attributes = {"http.request.method": "GET", "http.response.status_code": 200}
    tracer = trace.get_tracer(SCOPE)
    with tracer.start_as_current_span(
        "GET /orders", kind=trace.SpanKind.SERVER, attributes=attributes
    ):
        query_order(order)
        orders.add(3, {"region": "eu"})
        log.info("order placed", extra={"order.id": order})
        duration.record(time.perf_counter() - start, {"http.request.method": "GET"})


def query_order(order: int) -> None:
    tracer = trace.get_tracer(SCOPE)
    attributes = {"db.system.name": "postgresql"}
    with tracer.start_as_current_span(
        "SELECT orders", kind=trace.SpanKind.CLIENT, attributes=attributes
    ) as span:
        span.add_event("cache miss", {"key": f"orders:{order}"})


if __name__ == "__main__":
    main()
