using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>
/// A hash map that is walked in the order in which Java's is. Kafka's assignors give partitions out in that order, so it is
/// part of their result. What Java does to buckets of eight and more is left out: a bucket keeps the order of insertion.
/// </summary>
internal sealed class JavaHashMap<TKey, TValue> : IEnumerable<KeyValuePair<TKey, TValue>>
    where TKey : notnull
{
    private const int DefaultSize = 16;
    private const int None = -1;

    private readonly Func<TKey, int> _hash;
    private readonly List<Entry> _entries = [];
    private int[] _buckets;
    private int _free = None;

    public JavaHashMap(Func<TKey, int> hash, int capacity = DefaultSize)
    {
        _hash = hash;
        _buckets = new int[(int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(1, capacity))];
        Array.Fill(_buckets, None);
    }

    public int Count { get; private set; }

    private int Threshold => (int)(_buckets.Length * 0.75f);

    /// <summary>The capacity Java's collections ask for when they shall hold so many.</summary>
    public static int CapacityFor(int count) => (int)((count / 0.75f) + 1);

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        var at = Find(key);
        value = at == None ? default : _entries[at].Value;
        return at != None;
    }

    public bool Contains(TKey key) => Find(key) != None;

    public TValue this[TKey key]
    {
        get => TryGet(key, out var value) ? value : throw new KeyNotFoundException($"no '{key}' in the map");
        set => Set(key, value);
    }

    /// <summary>Java's computeIfAbsent: unlike 'put' it grows before it looks, and adds at a bucket's front.</summary>
    public TValue GetOrAdd(TKey key, Func<TValue> make)
    {
        if (Count > Threshold) Grow();
        var at = Find(key);
        if (at != None) return _entries[at].Value;
        at = Store(new Entry(Spread(key), None, key, make()));
        ref var first = ref _buckets[_entries[at].Hash & (_buckets.Length - 1)];
        _entries[at] = _entries[at] with { Next = first };
        first = at;
        Count++;
        return _entries[at].Value;
    }

    public void Remove(TKey key)
    {
        var hash = Spread(key);
        var bucket = hash & (_buckets.Length - 1);
        var before = None;
        for (var at = _buckets[bucket]; at != None; before = at, at = _entries[at].Next)
        {
            var entry = _entries[at];
            if (entry.Hash != hash || !EqualityComparer<TKey>.Default.Equals(entry.Key, key)) continue;
            if (before == None) _buckets[bucket] = entry.Next;
            else _entries[before] = _entries[before] with { Next = entry.Next };
            _entries[at] = new Entry(0, _free, default!, default!);
            _free = at;
            Count--;
            return;
        }
    }

    public IEnumerator<KeyValuePair<TKey, TValue>> GetEnumerator()
    {
        foreach (var first in _buckets)
        {
            for (var at = first; at != None; at = _entries[at].Next) yield return new(_entries[at].Key, _entries[at].Value);
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private void Set(TKey key, TValue value)
    {
        var at = Find(key);
        if (at != None)
        {
            _entries[at] = _entries[at] with { Value = value };
            return;
        }

        Append(Store(new Entry(Spread(key), None, key, value)));
        if (++Count > Threshold) Grow();
    }

    private int Store(in Entry entry)
    {
        if (_free == None)
        {
            _entries.Add(entry);
            return _entries.Count - 1;
        }

        var at = _free;
        _free = _entries[at].Next;
        _entries[at] = entry;
        return at;
    }

    private int Find(TKey key)
    {
        var hash = Spread(key);
        for (var at = _buckets[hash & (_buckets.Length - 1)]; at != None; at = _entries[at].Next)
        {
            if (_entries[at].Hash == hash && EqualityComparer<TKey>.Default.Equals(_entries[at].Key, key)) return at;
        }

        return None;
    }

    private void Append(int added)
    {
        ref var first = ref _buckets[_entries[added].Hash & (_buckets.Length - 1)];
        if (first == None)
        {
            first = added;
            return;
        }

        var last = first;
        while (_entries[last].Next != None) last = _entries[last].Next;
        _entries[last] = _entries[last] with { Next = added };
    }

    private void Grow()
    {
        var old = _buckets;
        _buckets = new int[old.Length * 2];
        Array.Fill(_buckets, None);
        foreach (var first in old)
        {
            for (var at = first; at != None;)
            {
                var next = _entries[at].Next;
                _entries[at] = _entries[at] with { Next = None };
                Append(at);
                at = next;
            }
        }
    }

    private int Spread(TKey key)
    {
        var hash = _hash(key);
        return hash ^ (int)((uint)hash >> 16);
    }

    private readonly record struct Entry(int Hash, int Next, TKey Key, TValue Value);
}
