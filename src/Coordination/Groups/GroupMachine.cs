using Moldau.Coordination.Groups.Classic;
using Moldau.Coordination.Groups.Consumer;
using Moldau.Coordination.Groups.Offsets;
using Moldau.Coordination.Groups.Share;
using Moldau.Coordination.Groups.Streams;
using Moldau.Coordination.Shards;
using Moldau.Protocol.Errors;
using Moldau.Protocol.Messages;

namespace Moldau.Coordination.Groups;

/// <summary>
/// The groups of one shard, of every protocol, and their offsets. Each protocol has a part of its own, with its records,
/// timers and events; a name belongs to one of them at a time.
/// </summary>
public sealed class GroupMachine : IShardMachine
{
    private const string EmptyState = "Empty";

    private readonly List<IGroupProtocol> _protocols;

    /// <param name="undo">For all maps of this machine.</param>
    /// <param name="rules">Asked at each event: the broker's settings may change.</param>
    /// <param name="chance">Draws member ids.</param>
    /// <param name="surroundings">What consumer groups ask their node; left out, there are no topics and Kafka's defaults.</param>
    /// <param name="shares">What share groups ask it; left out likewise, and nobody to keep their state.</param>
    /// <param name="streams">What streams groups ask it; left out likewise.</param>
    public GroupMachine(UndoLog undo, Func<GroupRules> rules, Random chance, ConsumerSurroundings? surroundings = null, ShareSurroundings? shares = null, StreamsSurroundings? streams = null)
    {
        Undo = undo;
        Rules = rules;
        Chance = chance;
        Surroundings = surroundings ?? ConsumerSurroundings.Default;
        Classic = new ClassicGroups(this);
        Consumer = new ConsumerGroups(this);
        Share = new ShareGroups(this, shares ?? ShareSurroundings.Default);
        Streams = new StreamsGroups(this, streams ?? StreamsSurroundings.Default);
        Offsets = new GroupOffsets(this);
        // The first that has a name owns it: classic groups come last, since offsets alone make one.
        _protocols = [Consumer, Share, Streams, Classic];
    }

    public UndoLog Undo { get; }

    public Func<GroupRules> Rules { get; }

    public Random Chance { get; }

    public GroupOffsets Offsets { get; }

    public ClassicGroups Classic { get; }

    public ConsumerGroups Consumer { get; }

    public ShareGroups Share { get; }

    public StreamsGroups Streams { get; }

    public ConsumerSurroundings Surroundings { get; }

    /// <summary>As known now.</summary>
    public ITopicDirectory Topics => Surroundings.Topics();

    /// <summary>In no order.</summary>
    public IEnumerable<Group> All
    {
        get
        {
            foreach (var protocol in _protocols)
            {
                foreach (var group in protocol.All)
                {
                    if (Find(group.Name) == group) yield return group;
                }
            }
        }
    }

    /// <summary>Null where nobody joined and no offset is stored.</summary>
    public Group? Find(string name)
    {
        foreach (var protocol in _protocols)
        {
            if (protocol.Find(name) is { } group) return group;
        }

        return null;
    }

    /// <summary>Forgets a group that nobody is in, with its offsets, and a share group's state wherever it lies.</summary>
    /// <param name="name">The group's.</param>
    /// <param name="tell">Puts the result into the reply, in this event or a later one.</param>
    /// <param name="reply">Leaves when it is done.</param>
    public void Delete(string name, Action<ErrorCode> tell, PendingReply reply, Outcome outcome)
    {
        ArgumentNullException.ThrowIfNull(tell);
        ArgumentNullException.ThrowIfNull(outcome);
        var group = Find(name);
        if (group is ShareGroup { HasMembers: false } share)
        {
            Share.DeleteGroup(share, tell, reply, outcome);
            return;
        }

        var error = group is null ? ErrorCode.GroupIdNotFound : group.State != EmptyState ? ErrorCode.NonEmptyGroup : ErrorCode.None;
        if (error == ErrorCode.None) Forget(group!, outcome);
        tell(error);
        outcome.Send(reply);
    }

    /// <summary>Adds the groups that are in one of the states and of one of the kinds; empty filters let all pass.</summary>
    public void List(IReadOnlyCollection<string> states, IReadOnlyCollection<string> kinds, ICollection<ListGroupsResponse.Group> told)
    {
        foreach (var group in All)
        {
            var kind = group.Kind.ToString().ToLowerInvariant();
            if (states.Count > 0 && !states.Contains(group.State, StringComparer.OrdinalIgnoreCase)) continue;
            if (kinds.Count > 0 && !kinds.Contains(kind, StringComparer.OrdinalIgnoreCase)) continue;
            told.Add(new ListGroupsResponse.Group { GroupId = group.Name, ProtocolType = group.ProtocolType, GroupState = group.State, GroupType = kind });
        }
    }

    public void Replay(IMessage key, IMessage? value, TransactionProducer? producer)
    {
        if (Offsets.Replay(key, value, producer)) return;
        foreach (var protocol in _protocols)
        {
            if (protocol.Replay(key, value)) return;
        }

        // A kind this build does not serve: it stays in the log as it is.
    }

    public void ReplayMarker(TransactionProducer producer, bool isCommit) => Offsets.ReplayMarker(producer, isCommit);

    public void Loaded(Outcome outcome)
    {
        foreach (var protocol in _protocols) protocol.Loaded(outcome);
        Offsets.Loaded(outcome);
    }

    public void Elapsed(ShardTimer timer, Outcome outcome)
    {
        if (Offsets.Elapsed(timer, outcome)) return;
        foreach (var protocol in _protocols)
        {
            if (protocol.Elapsed(timer, outcome)) return;
        }
    }

    public void RolledBack(Outcome outcome)
    {
        foreach (var protocol in _protocols) protocol.RolledBack(outcome);
    }

    public void Dropped(Outcome outcome)
    {
        foreach (var protocol in _protocols) protocol.Dropped(outcome);
    }

    internal void Forget(Group group, Outcome outcome)
    {
        Offsets.Forget(group.Name, outcome);
        group.Forget(outcome);
    }
}
