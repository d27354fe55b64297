using Moldau.Client.Connections;

namespace Moldau.Client.Producing;

/// <summary>
/// Which partition of a topic records without a key go to just now (KIP-794): one until a batch's worth is there, then another, drawn the more
/// often the less waits on it, and none that does not get rid of what it has.
/// </summary>
internal sealed class StickyPartition(ProducerOptions options, BackOff chance, TimeProvider clock)
{
    private readonly Lock _gate = new();
    private readonly long _patience = clock.TicksOf(options.AvailabilityTimeout);
    private int[] _weights = [];
    private int _partition = -1;

    /// <summary>The partition whose turn it is.</summary>
    public int Current(ReadOnlySpan<PartitionQueue> partitions)
    {
        if (partitions.Length == 1) return 0;
        // Who reads the old one while another switches puts a record more there, which harms nobody.
        var partition = Volatile.Read(ref _partition);
        return (uint)partition < (uint)partitions.Length ? partition : Switch(partitions, partition);
    }

    /// <summary>The place that a number from 0 to below the sum of all weights falls on.</summary>
    public static int PlaceOf(ReadOnlySpan<int> weights, int number)
    {
        var place = 0;
        while (number >= weights[place]) number -= weights[place++];
        return place;
    }

    /// <summary>Weights by what waits: the fullest gets one, one that does not get rid of anything none.</summary>
    /// <returns>Their sum.</returns>
    public static int Weigh(ReadOnlySpan<int> waiting, Span<int> weights)
    {
        const int Blocked = -1;
        var (most, sum) = (0, 0);
        foreach (var one in waiting) most = Math.Max(most, one);
        for (var i = 0; i < waiting.Length; i++) sum += weights[i] = waiting[i] == Blocked ? 0 : most + 1 - waiting[i];
        if (sum > 0) return sum;
        // None gets rid of anything: then one is as good as another.
        weights[..waiting.Length].Fill(1);
        return waiting.Length;
    }

    /// <summary>Ends a partition's turn, unless somebody has already.</summary>
    public int Switch(ReadOnlySpan<PartitionQueue> partitions, int from)
    {
        if (partitions.Length == 1) return 0;
        lock (_gate)
        {
            if (_partition != from && (uint)_partition < (uint)partitions.Length) return _partition;
            if (_weights.Length < 2 * partitions.Length) _weights = new int[2 * partitions.Length];
            var waiting = _weights.AsSpan(partitions.Length, partitions.Length);
            var now = clock.GetTimestamp();
            for (var i = 0; i < partitions.Length; i++)
            {
                var blocked = partitions[i].BlockedSince;
                waiting[i] = blocked != 0 && now - blocked > _patience ? -1 : partitions[i].Waiting;
            }

            var sum = Weigh(waiting, _weights);
            var chosen = PlaceOf(_weights, chance.Choose(sum));
            Volatile.Write(ref _partition, chosen);
            return chosen;
        }
    }
}
