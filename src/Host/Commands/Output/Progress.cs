namespace Moldau.Host.Commands.Output;

/// <summary>
/// Tells a person who watches how far a verb has come: a line on standard error, drawn anew a few times a second and wiped
/// away at the end. Nothing where nobody watches, and nothing of what is over before anybody would wonder.
/// </summary>
internal sealed class Progress : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(700);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private readonly Terminal _terminal;
    private readonly string _what;
    private readonly long _total;
    private readonly long _started;
    private TimeSpan _next = Patience;
    private int _drawn;

    public Progress(Terminal terminal, string what, long total)
    {
        (_terminal, _what, _total) = (terminal, what, total);
        _started = terminal.Clock.GetTimestamp();
    }

    public void Show(long done)
    {
        if (!_terminal.IsWatched) return;
        var elapsed = _terminal.Clock.GetElapsedTime(_started);
        if (elapsed < _next) return;
        _next = elapsed + Pause;
        var line = ProgressLine.Draw(_what, done, _total, elapsed);
        _terminal.Error.Write($"\r{line.PadRight(_drawn)}");
        _terminal.Error.Flush();
        _drawn = line.Length;
    }

    public void Dispose()
    {
        if (_drawn == 0) return;
        _terminal.Error.Write($"\r{new string(' ', _drawn)}\r");
        _terminal.Error.Flush();
        _drawn = 0;
    }
}
