using Moldau.Broker.Diagnostics.Counting;
using Moldau.Broker.Requests.Data.Fetching;
using Moldau.Storage.Logs;

namespace Moldau.Broker.Diagnostics;

/// <summary>What a broker counts of itself while it works.</summary>
internal sealed class BrokerFigures : IDisposable
{
    private readonly TimeProvider _clock;
    private readonly long _since;
    private readonly List<(string Folder, Histogram Times)> _flushes = [];

    public BrokerFigures(TimeProvider clock)
    {
        _clock = clock;
        _since = clock.GetTimestamp();
        Started = clock.GetUtcNow();
        Instruments = new RequestInstruments(clock);
        Traces = new RequestTraces(clock);
    }

    public DateTimeOffset Started { get; }

    public TimeSpan Age => _clock.GetElapsedTime(_since);

    public RequestInstruments Instruments { get; }

    public RequestTraces Traces { get; }

    public DataCounts Data { get; } = new();

    public FetchSessions? Sessions { get; set; }

    public IReadOnlyList<(string Folder, Histogram Times)> Flushes => _flushes;

    public LaneFigures Lane() => new(Instruments, _clock);

    public void Follow(string folder, Flusher flusher)
    {
        var times = new Histogram(Instruments.Durations, Instruments.Flushes, new KeyValuePair<string, object?>(MetricLabel.Folder.Exported, folder));
        _flushes.Add((folder, times));
        flusher.Took = times.Add;
    }

    public void Dispose()
    {
        Instruments.Dispose();
        Traces.Dispose();
    }
}
