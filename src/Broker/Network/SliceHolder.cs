using Moldau.Storage.Logs;

namespace Moldau.Broker.Network;

/// <summary>A stretch of a log on its way into a reply. It is reused; whoever has it disposes of it once.</summary>
internal sealed class SliceHolder
{
    private const int MostKept = 16;

    [ThreadStatic]
    private static Stack<SliceHolder>? s_kept;

    private LogSlice _slice;

    private SliceHolder()
    {
    }

    public LogSlice Slice => _slice;

    public static SliceHolder Of(LogSlice slice)
    {
        if (s_kept is null || !s_kept.TryPop(out var holder)) holder = new SliceHolder();
        holder._slice = slice;
        return holder;
    }

    public void Dispose()
    {
        _slice.Dispose();
        _slice = default;
        s_kept ??= new Stack<SliceHolder>();
        if (s_kept.Count < MostKept) s_kept.Push(this);
    }
}
