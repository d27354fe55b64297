namespace Moldau.Protocol.Compression.Zstd;

/// <summary>
/// A few idle contexts, one per core at most. They hold tables too large to allocate per call, and a slot per thread
/// would keep one for every thread that ever compressed.
/// </summary>
internal sealed class ContextPool<T> where T : class, new()
{
    private readonly T?[] _idle = new T?[Math.Clamp(Environment.ProcessorCount, 2, 64)];

    public T Rent()
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Volatile.Read(ref _idle[i]) is null) continue;
            var context = Interlocked.Exchange(ref _idle[i], null);
            if (context is not null) return context;
        }
        return new T();
    }

    public void Return(T context)
    {
        for (var i = 0; i < _idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _idle[i], context, null) is null) return;
        }
    }
}
