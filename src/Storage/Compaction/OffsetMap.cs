using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace Moldau.Storage.Compaction;

/// <summary>
/// The latest offset of each key of what is to be compacted, in bounded memory: 24 bytes a slot whatever the key's length.
/// When it is full the pass ends where it has come to. Open addressing in which an entry gives way to one that is farther from
/// its place (Robin Hood), so that a search ends early also for a key that is not there, however full it is.
/// </summary>
internal sealed class OffsetMap
{
    public const int EntrySize = 24;

    /// <summary>
    /// For so many keys the slots are asked for before the first is looked at. A map is larger than the processor's caches,
    /// and waiting for one slot after the other is most of the time a pass takes.
    /// </summary>
    public const int Ahead = 32;

    private const int FewestSlots = 16;

    // Of the slots that are asked for where there is room. The nearer to full a map is, the more of them a search has to go
    // through: at nine tenths it is five on average, at a half one and a half.
    private const double SparseLoad = 0.5;

    private readonly int _mostSlots;
    private readonly double _load;
    private readonly Random _chance;
    private Slot[] _slots = [];
    private int _used;
    private KeyHasher _hasher;

    /// <param name="bytes">The most memory it may take; it takes less where a log has fewer records.</param>
    /// <param name="load">Which part of its slots may be taken.</param>
    /// <param name="chance">Draws the secret of each pass.</param>
    public OffsetMap(long bytes, double load, Random chance)
    {
        _mostSlots = (int)Math.Min(Math.Max(bytes / EntrySize, FewestSlots), Array.MaxLength);
        _load = load;
        _chance = chance;
        Begin(0);
    }

    public int Count { get; private set; }

    /// <summary>How many keys fit in this pass.</summary>
    public int Limit { get; private set; }

    public bool IsFull => Count >= Limit;

    /// <summary>Up to here, included, every key's latest record is in the map.</summary>
    public long LatestOffset { get; private set; } = -1;

    /// <summary>Forgets everything and makes room.</summary>
    /// <param name="mostKeys">How many there can be at most; fewer fit where the memory is not enough.</param>
    public void Begin(long mostKeys)
    {
        var wanted = (long)(Math.Min(mostKeys, Array.MaxLength) / Math.Min(_load, SparseLoad)) + 1;
        _used = (int)Math.Clamp(wanted, FewestSlots, _mostSlots);
        // Twice as many as before, or a log that grows would have it made anew each time.
        if (_slots.Length < _used) _slots = new Slot[(int)Math.Min(_mostSlots, Math.Max(_used, _slots.Length * 2L))];
        else Array.Clear(_slots, 0, _used);
        // One stays free at least: it ends every search.
        Limit = (int)Math.Clamp(Math.Min((long)(_used * _load), mostKeys), 1, _used - 1);
        Count = 0;
        LatestOffset = -1;
        _hasher = KeyHasher.Draw(_chance);
    }

    /// <summary>What the key is known by in this pass. Its slot is on its way from memory when this returns.</summary>
    public KeyHash Hash(ReadOnlySpan<byte> key)
    {
        var hash = _hasher.Hash(key);
        Fetch(ref _slots[PlaceOf(hash)]);
        return hash;
    }

    /// <summary>The key's latest offset; -1 where it is not here.</summary>
    public long Find(in KeyHash hash)
    {
        var place = PlaceOf(hash);
        for (var distance = 0; ; distance++)
        {
            ref readonly var slot = ref _slots[place];
            if (slot.Hash == hash && slot.IsTaken) return slot.Next - 1;
            if (!slot.IsTaken || DistanceOf(slot, place) < distance) return -1;
            if (++place == _used) place = 0;
        }
    }

    /// <summary>Remembers the offset, which is above all before it. There must be room.</summary>
    public void Put(in KeyHash hash, long offset)
    {
        var entry = new Slot(hash, offset + 1);
        var place = PlaceOf(entry.Hash);
        for (var distance = 0; ; distance++)
        {
            ref var slot = ref _slots[place];
            if (!slot.IsTaken)
            {
                if (Count == Limit) throw new InvalidOperationException($"a key above the {Limit} that fit; ask IsFull first");
                slot = entry;
                Count++;
                return;
            }

            if (slot.Hash == entry.Hash)
            {
                slot = entry;
                return;
            }

            var other = DistanceOf(slot, place);
            if (other < distance)
            {
                (slot, entry) = (entry, slot);
                distance = other;
            }

            if (++place == _used) place = 0;
        }
    }

    /// <summary>Everything up to here, included, has been read.</summary>
    public void Cover(long offset) => LatestOffset = Math.Max(LatestOffset, offset);

    // Where the slots may have been moved meanwhile, what is fetched is of no use, and no harm.
    private static unsafe void Fetch(ref Slot slot)
    {
        if (Sse.IsSupported) Sse.Prefetch0(Unsafe.AsPointer(ref slot));
    }

    private int PlaceOf(in KeyHash hash) => (int)Math.BigMul(hash.First, (ulong)_used, out _);

    private int DistanceOf(in Slot slot, int place)
    {
        var distance = place - PlaceOf(slot.Hash);
        return distance < 0 ? distance + _used : distance;
    }

    /// <param name="Hash">The key's.</param>
    /// <param name="Next">The offset behind the key's latest one; 0 where the slot is free.</param>
    private readonly record struct Slot(KeyHash Hash, long Next)
    {
        public bool IsTaken => Next != 0;
    }
}
