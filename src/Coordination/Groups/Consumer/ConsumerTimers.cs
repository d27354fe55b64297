using Moldau.Coordination.Shards;

namespace Moldau.Coordination.Groups.Consumer;

/// <summary>How long a member may be silent, and how long it may take to give partitions up.</summary>
internal sealed class ConsumerTimers(ConsumerSurroundings surroundings)
{
    public const string Session = "consumer-session";
    public const string Revocation = "consumer-rebalance";

    public void SetSession(ConsumerGroup group, string member, Outcome outcome) =>
        outcome.SetTimer(new ShardTimer(Session, group.Name, member), TimeSpan.FromMilliseconds(surroundings.Rules(group.Name).SessionTimeout));

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
    }

    /// <summary>Deadlines begin anew: after a load, and after changes were taken back.</summary>
    public void SetAll(ConsumerGroup group, Outcome outcome)
    {
        foreach (var member in group.Members)
        {
            SetSession(group, member.Id, outcome);
            FollowRevocation(group, member, outcome);
        }
    }
}
