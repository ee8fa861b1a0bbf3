// Command orders serves one order and tells of it: two spans, two metrics and a log record that
// belongs to the first span. Where it sends them, and how, is in the OTEL_ variables of the environment.
package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"time"

	"go.opentelemetry.io/contrib/bridges/otelslog"
	"go.opentelemetry.io/contrib/exporters/autoexport"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/log/global"
	"go.opentelemetry.io/otel/metric"
	sdklog "go.opentelemetry.io/otel/sdk/log"
	sdkmetric "go.opentelemetry.io/otel/sdk/metric"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

const scope = "example/orders"

func main() {
	if err := run(context.Background()); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	shutdown, err := setUp(ctx)
	if err != nil {
		return err
	}
	// Sends what is left; only then has everything been delivered.
	defer func() { err = errors.Join(err, shutdown(ctx)) }()
	return serveOrder(ctx, 42)
}

// setUp registers providers of the three signals. What it returns stops them again.
func setUp(ctx context.Context) (func(context.Context) error, error) {
	service, err := resource.Merge(resource.Default(), resource.NewSchemaless(
		attribute.String("service.name", "orders-go"),
		attribute.String("service.version", "1.0.0"),
	))
	if err != nil {
		return nil, err
	}
	spans, err := autoexport.NewSpanExporter(ctx)
	if err != nil {
		return nil, err
	}
	metrics, err := autoexport.NewMetricReader(ctx)
	if err != nil {
		return nil, err
	}
	logs, err := autoexport.NewLogExporter(ctx)
	if err != nil {
		return nil, err
	}

	tracers := sdktrace.NewTracerProvider(
		sdktrace.WithResource(service), sdktrace.WithBatcher(spans))
	meters := sdkmetric.NewMeterProvider(
		sdkmetric.WithResource(service), sdkmetric.WithReader(metrics))
	loggers := sdklog.NewLoggerProvider(
		sdklog.WithResource(service), sdklog.WithProcessor(sdklog.NewBatchProcessor(logs)))
	otel.SetTracerProvider(tracers)
	otel.SetMeterProvider(meters)
	global.SetLoggerProvider(loggers)
	// Everything that logs with slog is sent.
	slog.SetDefault(otelslog.NewLogger(scope))

	return func(ctx context.Context) error {
		return errors.Join(tracers.Shutdown(ctx), meters.Shutdown(ctx), loggers.Shutdown(ctx))
	}, nil
}

func serveOrder(ctx context.Context, id int) error {
	meter := otel.Meter(scope)
	orders, err := meter.Int64Counter("orders", metric.WithUnit("{order}"))
	if err != nil {
		return err
	}
	duration, err := meter.Float64Histogram("http.server.request.duration", metric.WithUnit("s"))
	if err != nil {
		return err
	}

	start := time.Now()
	ctx, span := otel.Tracer(scope).Start(ctx, "GET /orders",
		trace.WithSpanKind(trace.SpanKindServer),
		trace.WithAttributes(
			attribute.String("http.request.method", "GET"),
			attribute.Int("http.response.status_code", 200)))
	defer span.End()

	queryOrder(ctx, id)
	orders.Add(ctx, 3, metric.WithAttributes(attribute.String("region", "eu")))
	slog.InfoContext(ctx, "order placed", "order.id", id)
	duration.Record(ctx, time.Since(start).Seconds(),
		metric.WithAttributes(attribute.String("http.request.method", "GET")))
	return nil
}

func queryOrder(ctx context.Context, id int) {
	_, span := otel.Tracer(scope).Start(ctx, "SELECT orders",
		trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("db.system.name", "postgresql")))
	defer span.End()
	span.AddEvent("cache miss", trace.WithAttributes(
		attribute.String("key", fmt.Sprintf("orders:%d", id))))
}
