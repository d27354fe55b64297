using Moldau.Coordination.Shards;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>How long a member may be silent, how long it may take to give tasks up, and how long a new group waits.</summary>
internal sealed class StreamsTimers(StreamsSurroundings surroundings)
{
    public const string Session = "streams-session";
    public const string Revocation = "streams-rebalance";
    public const string Delay = "streams-delay";

    public static ShardTimer DelayOf(StreamsGroup group) => new(Delay, group.Name);

    public void SetSession(StreamsGroup group, StreamsMember member, Outcome outcome) =>
        outcome.SetTimer(new ShardTimer(Session, group.Name, member.Id), TimeSpan.FromMilliseconds(surroundings.Rules(group.Name).SessionTimeout));

    public static void FollowRevocation(StreamsGroup group, StreamsMember member, Outcome outcome)
    {
        var timer = new ShardTimer(Revocation, group.Name, member.Id);
        if (member.State == TaskState.UnrevokedTasks) outcome.SetTimer(timer, TimeSpan.FromMilliseconds(member.RebalanceTimeout));
        else outcome.StopTimer(timer);
    }

    public static void BeginDelay(StreamsGroup group, int delay, Outcome outcome)
    {
        if (group.IsDelayed || delay <= 0) return;
        group.IsDelayed = true;
        outcome.SetTimer(DelayOf(group), TimeSpan.FromMilliseconds(delay));
    }

    public static void Stop(StreamsGroup group, string member, Outcome outcome)
    {
        outcome.StopTimer(new ShardTimer(Session, group.Name, member));
        outcome.StopTimer(new ShardTimer(Revocation, group.Name, member));
    }

    /// <summary>Deadlines begin anew: after a load, and after changes were taken back. Nobody is waited for any more.</summary>
    public void SetAll(StreamsGroup group, Outcome outcome)
    {
        if (group.IsDelayed) outcome.StopTimer(DelayOf(group));
        group.IsDelayed = false;
        foreach (var member in group.Members)
        {
            SetSession(group, member, outcome);
            FollowRevocation(group, member, outcome);
        }
    }
}
