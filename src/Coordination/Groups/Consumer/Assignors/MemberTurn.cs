namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>
/// Members that have too little take turns, round and round, until a round has given nobody anything. One that is full drops out.
/// </summary>
internal sealed class MemberTurn(JavaHashSet<int> unfilled)
{
    private int[] _round = [.. unfilled];
    private int _next;
    private bool _hasGiven;

    public bool TryNext(out int member)
    {
        member = -1;
        if (_next == _round.Length)
        {
            if (!_hasGiven) return false;
            _round = [.. unfilled];
            _next = 0;
            _hasGiven = false;
        }

        // Kafka has asked before whether all are full.
        if (_round.Length == 0) return false;
        member = _round[_next++];
        return true;
    }

    /// <summary>The last one was given something.</summary>
    public void Used(bool isFull)
    {
        _hasGiven = true;
        if (isFull) unfilled.Remove(_round[_next - 1]);
    }
}
