using System.Diagnostics;

namespace Moldau.Client.Telemetry;

/// <summary>An operation that is being timed; its span, where it has one, is the ambient activity of what it calls.</summary>
internal sealed class OperationWatch(Activity? span, TimeProvider clock, Action<TimeSpan, string?> ended) : IDisposable
{
    private readonly long _started = clock.GetTimestamp();
    private string? _error;

    public void Fail(Exception failure)
    {
        _error = ClientSpans.ErrorOf(failure);
        if (span is not null) ClientSpans.Fail(span, failure);
    }

    public void Dispose()
    {
        span?.Stop();
        ended(clock.GetElapsedTime(_started), _error);
    }
}
