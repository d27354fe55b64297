namespace Moldau.Bench.Clients.Worker;

/// <summary>Tells many loops to end, for less than a look at the clock.</summary>
internal sealed class SharedEnd
{
    private volatile bool _isOver;

    public bool IsOver
    {
        get => _isOver;
        set => _isOver = value;
    }
}
