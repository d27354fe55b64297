namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>
/// A queue by priority that gives out equals in the order in which Java's does: a binary heap. Kafka's assignors choose among equals
/// by it, so it is part of their result.
/// </summary>
internal sealed class JavaHeap<T>(Comparison<T> compare)
{
    private readonly List<T> _items = [];

    public int Count => _items.Count;

    public void Add(T item)
    {
        _items.Add(item);
        var at = _items.Count - 1;
        while (at > 0)
        {
            var parent = (at - 1) / 2;
            if (compare(item, _items[parent]) >= 0) break;
            _items[at] = _items[parent];
            at = parent;
        }

        _items[at] = item;
    }

    /// <summary>The least; there is one.</summary>
    public T Take()
    {
        var least = _items[0];
        var last = _items[^1];
        _items.RemoveAt(_items.Count - 1);
        if (_items.Count > 0) Sink(last);
        return least;
    }

    private void Sink(T item)
    {
        var at = 0;
        while (at < _items.Count / 2)
        {
            var child = (2 * at) + 1;
            if (child + 1 < _items.Count && compare(_items[child], _items[child + 1]) > 0) child++;
            if (compare(item, _items[child]) <= 0) break;
            _items[at] = _items[child];
            at = child;
        }

        _items[at] = item;
    }
}
