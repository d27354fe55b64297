using System.Collections;

namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>A hash set that is walked in the order in which Java's is.</summary>
internal sealed class JavaHashSet<T>(Func<T, int> hash, int capacity = JavaHashSet<T>.SmallestCopy) : IEnumerable<T>
    where T : notnull
{
    private const int SmallestCopy = 16;

    private readonly JavaHashMap<T, bool> _map = new(hash, capacity);

    public int Count => _map.Count;

    /// <summary>As Java's set is made of a collection.</summary>
    public static JavaHashSet<T> Of(Func<T, int> hash, IReadOnlyCollection<T> values)
    {
        var set = new JavaHashSet<T>(hash, Math.Max(JavaHashMap<T, bool>.CapacityFor(values.Count), SmallestCopy));
        foreach (var value in values) set.Add(value);
        return set;
    }

    public void Add(T value) => _map[value] = true;

    public void Remove(T value) => _map.Remove(value);

    public bool Contains(T value) => _map.Contains(value);

    public IEnumerator<T> GetEnumerator()
    {
        foreach (var (value, _) in _map) yield return value;
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
}
