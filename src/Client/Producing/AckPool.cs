namespace Moldau.Client.Producing;

/// <summary>Sources that nobody waits on.</summary>
internal sealed class AckPool
{
    private const int Most = 4096;

    private readonly Lock _gate = new();
    private readonly Stack<AckSource> _free = new();

    public AckSource Rent()
    {
        lock (_gate)
        {
            if (_free.TryPop(out var source)) return source;
        }

        return new AckSource(this);
    }

    public void Return(AckSource source)
    {
        lock (_gate)
        {
            if (_free.Count < Most) _free.Push(source);
        }
    }
}
