using Moldau.Broker.Diagnostics.Counting;

namespace Moldau.Broker.Network;

/// <summary>A lane on the thread pool: it has a thread only while there is something to do. For streams, and where there is no epoll.</summary>
internal sealed class PoolLane(ChunkPool chunks, LaneFigures figures) : Lane(chunks, figures), IThreadPoolWorkItem
{
    private int _isScheduled;

    public override void Adopt(Connection connection) => connection.Begin();

    public void Execute()
    {
        do
        {
            Figures.Wake();
            while (RunPosted())
            {
            }

            Figures.Rest();
            Interlocked.Exchange(ref _isScheduled, 0);
        }
        // What was posted after the last look, and before the flag fell, woke nobody.
        while (HasPosted && Interlocked.Exchange(ref _isScheduled, 1) == 0);
    }

    protected override void Wake()
    {
        if (Interlocked.Exchange(ref _isScheduled, 1) == 0) ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }
}
