using Moldau.Coordination.Deliveries;
using Moldau.Coordination.ShareStates;
using Moldau.Protocol.Errors;
using Moldau.Unit.Storage.Simulation;

namespace Moldau.Unit.Coordination.Sharing;

/// <summary>
/// A share-partition with its leaders, and beside it what its members were told. Whenever somebody has it begin elsewhere, or has it
/// forgotten, another life of it begins.
/// </summary>
internal sealed class SimulatedShare(SharePartitionKey key, SimulatedStates states, SimulatedNetwork network, Random chance, Happenings seen)
{
    private const int Lock = 60;
    private const int Unsettled = -1;
    private static readonly DeliveryRules s_rules = new() { LockDuration = Lock, DeliveryLimit = 3, MostOut = 60, AllowsRenewal = true };

    private readonly List<(Account Account, int Life)> _leaders = [];
    private readonly HashSet<long> _told = [];
    private readonly HashSet<long> _mayBeOver = [];
    private readonly List<SimulatedLeader> _leads = [];
    private int _epoch;
    private int _life;
    private bool _isUnsettled;
    private long _first;

    public SharePartitionKey Key => key;

    public int Life => _life;

    /// <summary>Somebody has asked for another start, or none, and has no answer yet.</summary>
    public void Unsettle()
    {
        _life++;
        _isUnsettled = true;
        _told.Clear();
        _mayBeOver.Clear();
    }

    /// <param name="life">The one that the answer is about.</param>
    /// <param name="first">From where on everything is given again.</param>
    public void Settle(int life, long first)
    {
        if (life != _life) return;
        (_isUnsettled, _first) = (false, first);
        // They may have read what was there before.
        _mayBeOver.Clear();
    }

    /// <summary>Nobody of the group is here any more.</summary>
    public void LetGo()
    {
        foreach (var leader in _leads) leader.LetGo();
    }

    /// <summary>Nor will be: the group is deleted.</summary>
    public void Silence()
    {
        foreach (var leader in _leads) leader.Silence();
    }

    /// <summary>Another broker leads; who led may not know it yet.</summary>
    public void Move()
    {
        seen.Note("another leads");
        _epoch++;
    }

    public void Step(long now)
    {
        foreach (var (account, _) in _leaders)
        {
            account.Leader.Step(now, looksAtDeadlines: true);
            account.Expire(now);
        }

        _leaders.RemoveAll(static one => one.Account.Leader.IsOver);
    }

    public void Fetch(long now, string member, long end)
    {
        if (_leaders.Count == 0 || Current.Leader.Epoch != _epoch) Lead();
        var (account, life) = Any();
        if (account.Leader is not { IsOver: false, Machine: { } machine }) return;
        var (from, acquired) = (machine.Next(), new List<AcquiredRange>());
        if (from >= end) return;
        machine.Acquire(member, from, [new ReadBatch(0, end - 1, false)], new AcquireLimits(chance.Next(1, 12), int.MaxValue, true), now, acquired);
        foreach (var range in acquired)
        {
            for (var offset = range.First; offset <= range.Last; offset++) Given(account, life, member, offset, range.Count, now);
        }
    }

    public void Acknowledge(long now, bool accepts)
    {
        if (_leaders.Count == 0) return;
        var (account, _) = Any();
        if (account.Leader is not { IsOver: false, Machine: { } machine }) return;
        foreach (var (offset, member) in account.Free())
        {
            if (!accepts && chance.Next(3) == 0) continue;
            var type = accepts ? AcknowledgementType.Accept : (AcknowledgementType)chance.Next(1, 4);
            var result = machine.Acknowledge(member, [new AcknowledgedRange(offset, offset, [(sbyte)type])], now);
            if (result.Error != ErrorCode.None) throw new InvalidOperationException($"{offset} cannot be acknowledged by who has it: {result.Message}");
            if (type != AcknowledgementType.Release) _mayBeOver.Add(offset);
            account.Say(offset, type);
        }
    }

    /// <summary>What is stored says so, or says as much of each record.</summary>
    public bool IsDone(long now, long end) =>
        states.StoredStart(now, key) == end || (_leaders is [.., var (last, _)] && last.Leader is { IsOver: false, Machine: { IsAtRest: true } machine } && machine.Start == end);

    public void CheckNothingLost(long end)
    {
        for (var offset = _first; offset < end; offset++)
        {
            if (!_mayBeOver.Contains(offset)) throw new InvalidOperationException($"{offset} of {key.CoordinatorId} was lost");
        }
    }

    private Account Current => _leaders[^1].Account;

    /// <summary>The last who leads, or sometimes one who has not noticed that he does not.</summary>
    private (Account Account, int Life) Any() => chance.Next(4) > 0 ? _leaders[^1] : _leaders[chance.Next(_leaders.Count)];

    private void Lead()
    {
        var life = _isUnsettled ? Unsettled : _life;
        var account = new Account(new SimulatedLeader(key, _epoch, states, network, s_rules));
        var isOfBefore = false;
        account.Leader.WriteTaken = () =>
        {
            isOfBefore = life != Unsettled && life != _life && !_isUnsettled;
            account.Sent();
        };
        account.Leader.WriteEnded = isStored =>
        {
            var over = account.Ended(isStored);
            if (isStored && isOfBefore && !_isUnsettled) throw new InvalidOperationException($"a leader of {key.CoordinatorId} has stored what became of records before it was altered or deleted");
            if (life != _life || _isUnsettled) return;
            foreach (var offset in over) _told.Add(offset);
        };
        _leaders.Add((account, life));
        _leads.Add(account.Leader);
    }

    private void Given(Account account, int life, string member, long offset, short count, long now)
    {
        if (!account.Give(member, offset, now + Lock)) throw new InvalidOperationException($"{offset} of {key.CoordinatorId} has two holders with leader {account.Leader.Epoch}");
        if (life == _life && account == Current && _told.Contains(offset))
            throw new InvalidOperationException($"{offset} of {key.CoordinatorId} was given again by leader {account.Leader.Epoch}, and somebody was told that it is done with");
        if (count == s_rules.DeliveryLimit) _mayBeOver.Add(offset);
    }
}
