namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>
/// Walks a topic's subscribers from both ends of their load. It counts on its caller giving the least loaded and taking from the
/// most loaded each time it asks for one.
/// </summary>
/// <param name="sizes">How many partitions each member has; its caller keeps it.</param>
internal sealed class LoadBalancer(int[] sizes)
{
    private readonly List<int> _members = [];
    private int _leastEnd;
    private int _leastLoad;
    private int _nextLeast;
    private int _mostStart;
    private int _mostEnd;
    private int _mostLoad;
    private int _nextMost;

    public bool IsBalanced => _mostLoad - _leastLoad <= 1;

    /// <summary>How far the loads of these are apart.</summary>
    public int Begin(List<int> members)
    {
        _members.Clear();
        _members.AddRange(members);
        _members.Sort((one, other) => sizes[one] != sizes[other] ? sizes[one].CompareTo(sizes[other]) : one.CompareTo(other));
        var (least, most) = (sizes[_members[0]], sizes[_members[^1]]);
        _leastEnd = 0;
        _leastLoad = least - 1;
        _nextLeast = 0;
        _mostStart = _mostEnd = _members.Count;
        _mostLoad = most + 1;
        _nextMost = _members.Count - 1;
        return most - least;
    }

    public int NextLeastLoaded()
    {
        if (_nextLeast >= _leastEnd)
        {
            _leastLoad++;
            while (_leastEnd < _members.Count && sizes[_members[_leastEnd]] == _leastLoad) _leastEnd++;
            _nextLeast = 0;
        }

        return _members[_nextLeast++];
    }

    /// <summary>-1 when all are excluded.</summary>
    public int NextMostLoaded()
    {
        if (_nextMost < _mostStart)
        {
            if (_mostEnd <= _mostStart && _mostStart > 0) _mostLoad = sizes[_members[_mostStart - 1]];
            else _mostLoad--;
            while (_mostStart > 0 && sizes[_members[_mostStart - 1]] == _mostLoad) _mostStart--;
            _nextMost = _mostEnd - 1;
        }

        return _nextMost < 0 ? -1 : _members[_nextMost--];
    }

    /// <summary>The one that was given last has nothing to give.</summary>
    public void ExcludeMostLoaded()
    {
        (_members[_nextMost + 1], _members[_mostEnd - 1]) = (_members[_mostEnd - 1], _members[_nextMost + 1]);
        _mostEnd--;
    }
}
