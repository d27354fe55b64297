using Microsoft.Extensions.Logging;
using Moldau.Broker;
using Moldau.Broker.Diagnostics;
using Moldau.Host.Commands;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Moldau.Host.Serving;

/// <summary>
/// Metrics, traces and logs to an OpenTelemetry collector, where the standard variables name one. Without them nothing
/// listens, and nothing is made for it.
/// </summary>
internal sealed class OtlpExport : IDisposable
{
    /// <summary>Where OTEL_TRACES_SAMPLER does not say else: a busy broker answers more requests than anybody wants to see.</summary>
    private const double SampledPart = 0.01;

    /// <summary>Room for each is taken when a metric has its first.</summary>
    private const int MostSeries = 10_000;

    private readonly MeterProvider? _metrics;
    private readonly TracerProvider? _traces;

    private OtlpExport(MeterProvider? metrics, TracerProvider? traces) => (_metrics, _traces) = (metrics, traces);

    /// <param name="broker">Whose metrics and traces are to be shown.</param>
    /// <param name="node">Its number.</param>
    public static OtlpExport Start(BrokerServer broker, string node)
    {
        var metrics = IsOn("METRICS") ? Metrics(node) : null;
        if (metrics is not null) MetricInstruments.Add(broker);
        return new OtlpExport(metrics, IsOn("TRACES") ? Traces(node) : null);
    }

    /// <summary>What the broker logs, beside where it goes anyway.</summary>
    public static void AddLogs(ILoggingBuilder builder, string node)
    {
        if (!IsOn("LOGS")) return;
        builder.AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(Resource(node));
            options.AddOtlpExporter(static exporter => Choose(exporter, "LOGS"));
        });
    }

    public void Dispose()
    {
        _traces?.Dispose();
        _metrics?.Dispose();
    }

    private static bool IsOn(string signal)
    {
        if (string.Equals(Variable("OTEL_SDK_DISABLED"), "true", StringComparison.OrdinalIgnoreCase)) return false;
        return Variable($"OTEL_{signal}_EXPORTER") switch
        {
            "otlp" => true,
            null => Variable("OTEL_EXPORTER_OTLP_ENDPOINT") is not null || Variable($"OTEL_EXPORTER_OTLP_{signal}_ENDPOINT") is not null,
            _ => false,
        };
    }

    private static MeterProvider Metrics(string node) => Sdk.CreateMeterProviderBuilder()
        .SetResourceBuilder(Resource(node))
        .AddMeter(MetricInstruments.MeterName)
        .AddView(static instrument => HasMany(instrument.Name) ? new MetricStreamConfiguration { CardinalityLimit = MostSeries } : null)
        .AddOtlpExporter(static exporter => Choose(exporter, "METRICS"))
        .Build();

    private static TracerProvider Traces(string node)
    {
        var builder = Sdk.CreateTracerProviderBuilder()
            .SetResourceBuilder(Resource(node))
            .AddSource(MetricInstruments.SourceName)
            .AddOtlpExporter(static exporter => Choose(exporter, "TRACES"));
        // Said in the variable, it is the package that reads it.
        if (Variable("OTEL_TRACES_SAMPLER") is null) builder.SetSampler(new ParentBasedSampler(new TraceIdRatioBasedSampler(SampledPart)));
        return builder.Build();
    }

    private static bool HasMany(string name) => name.StartsWith("moldau.partition.", StringComparison.Ordinal) || name.StartsWith("moldau.group.", StringComparison.Ordinal);

    private static ResourceBuilder Resource(string node) => ResourceBuilder.CreateEmpty()
        .AddService("moldau", serviceVersion: ProgramVersion.Number, serviceInstanceId: node)
        .AddTelemetrySdk()
        .AddEnvironmentVariableDetector();

    /// <summary>The specification's protocol where nobody says which.</summary>
    private static void Choose(OtlpExporterOptions exporter, string signal)
    {
        if (Variable("OTEL_EXPORTER_OTLP_PROTOCOL") is null && Variable($"OTEL_EXPORTER_OTLP_{signal}_PROTOCOL") is null) exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
    }

    private static string? Variable(string name) => Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
