using Microsoft.Extensions.Logging;

namespace Moldau.Unit.Broker.Security;

/// <summary>A logger whose lines a test reads.</summary>
internal sealed class KeptLines : ILogger
{
    private readonly Lock _sync = new();
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_sync) return [.. _lines];
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        lock (_sync) _lines.Add(formatter(state, exception));
    }
}
