namespace Moldau.Bench.Load;

/// <summary>Requests of one shape, one after the other.</summary>
internal abstract class RequestSource
{
    /// <summary>The next request's parts, valid until the next call.</summary>
    /// <returns>How many records it holds.</returns>
    public abstract int Next(List<ArraySegment<byte>> parts);
}
