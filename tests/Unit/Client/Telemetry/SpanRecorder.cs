using System.Diagnostics;
using Moldau.Client.Telemetry;

namespace Moldau.Unit.Client.Telemetry;

/// <summary>Listens to the spans of the clients of one id; other tests run at the same time.</summary>
internal sealed class SpanRecorder : IDisposable
{
    private readonly ActivityListener _listener;
    private readonly Lock _gate = new();
    private readonly List<Activity> _ended = [];

    public SpanRecorder(string clientId)
    {
        _listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name == ClientSpans.SourceName,
            Sample = (ref ActivityCreationOptions<ActivityContext> options) => IsOf(options.Tags, clientId) ? ActivitySamplingResult.AllDataAndRecorded : ActivitySamplingResult.None,
            ActivityStopped = span =>
            {
                lock (_gate) _ended.Add(span);
            },
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public List<Activity> Ended(string operation)
    {
        lock (_gate) return _ended.FindAll(span => (string?)span.GetTagItem(TelemetryTag.OperationName) == operation);
    }

    public void Dispose() => _listener.Dispose();

    private static bool IsOf(IEnumerable<KeyValuePair<string, object?>>? tags, string clientId) => tags?.Any(tag => tag.Key == TelemetryTag.ClientId && (string?)tag.Value == clientId) == true;
}
