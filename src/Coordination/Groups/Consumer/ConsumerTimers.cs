using Moldau.Coordination.Shards;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>How long a member may be silent, and how long it may take to give partitions up.</summary>
internal sealed class ConsumerTimers(ConsumerSurroundings surroundings)
{
    public const string Session = "consumer-session";
    public const string Revocation = "consumer-rebalance";

    /// <summary>A member of the classic protocol was told to join again.</summary>
    public const string Join = "consumer-join";

    /// <summary>A member of the classic protocol has joined, and must ask for its assignment.</summary>
    public const string Sync = "consumer-sync";

    public void SetSession(ConsumerGroup group, ConsumerMember member, Outcome outcome) => outcome.SetTimer(
        new ShardTimer(Session, group.Name, member.Id), TimeSpan.FromMilliseconds(member.Classic?.SessionTimeout ?? surroundings.Rules(group.Name).SessionTimeout));

    public static void AwaitJoin(ConsumerGroup group, ConsumerMember member, Outcome outcome)
    {
        // Every heartbeat tells it so; the first counts.
        if (group.AwaitedJoins.Add(member.Id)) outcome.SetTimer(new ShardTimer(Join, group.Name, member.Id), TimeSpan.FromMilliseconds(member.RebalanceTimeout));
    }

    public static void StopJoin(ConsumerGroup group, string member, Outcome outcome)
    {
        if (group.AwaitedJoins.Remove(member)) outcome.StopTimer(new ShardTimer(Join, group.Name, member));
    }

    public static void AwaitSync(ConsumerGroup group, ConsumerMember member, Outcome outcome) =>
        outcome.SetTimer(new ShardTimer(Sync, group.Name, member.Id), TimeSpan.FromMilliseconds(member.RebalanceTimeout));

    public static void StopSync(ConsumerGroup group, string member, Outcome outcome) => outcome.StopTimer(new ShardTimer(Sync, group.Name, member));

    public static void FollowRevocation(ConsumerGroup group, ConsumerMember member, Outcome outcome)
    {
        if (member.IsClassic) return;
        var timer = new ShardTimer(Revocation, group.Name, member.Id);
        if (member.State == MemberState.UnrevokedPartitions)
        {
            group.RevocationEpochs[member.Id] = member.Epoch;
            outcome.SetTimer(timer, TimeSpan.FromMilliseconds(member.RebalanceTimeout));
        }
        else if (group.RevocationEpochs.Remove(member.Id))
        {
            outcome.StopTimer(timer);
        }
    }

    public static void Stop(ConsumerGroup group, string member, Outcome outcome)
    {
        group.RevocationEpochs.Remove(member);
        outcome.StopTimer(new ShardTimer(Session, group.Name, member));
        outcome.StopTimer(new ShardTimer(Revocation, group.Name, member));
        StopJoin(group, member, outcome);
        StopSync(group, member, outcome);
    }

    /// <summary>Deadlines begin anew: after a load, and after changes were taken back.</summary>
    public void SetAll(ConsumerGroup group, Outcome outcome)
    {
        group.AwaitedJoins.Clear();
        foreach (var member in group.Members)
        {
            SetSession(group, member, outcome);
            FollowRevocation(group, member, outcome);
        }
    }
}
