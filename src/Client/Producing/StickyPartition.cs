using Moldau.Client.Connections;

namespace Moldau.Client.Producing;

/// <summary>Which partition of a topic records without a key go to just now.</summary>
internal sealed class StickyPartition(BackOff chance, int bytesEach)
{
    private readonly Lock _gate = new();
    private int _partition = -1;
    private int _bytesLeft;

    public int Choose(int size, int partitions)
    {
        lock (_gate)
        {
            if (_partition < 0 || _partition >= partitions || _bytesLeft < size)
            {
                _partition = chance.Choose(partitions);
                _bytesLeft = bytesEach;
            }

            _bytesLeft -= size;
            return _partition;
        }
    }
}
