using Moldau.Coordination.Shards;

namespace Moldau.Coordination.Groups.Classic;

/// <summary>The timers of a classic group, by name.</summary>
internal sealed class ClassicTimers(string group)
{
    public const string Session = "classic-session";
    public const string Join = "classic-join";
    public const string Sync = "classic-sync";

    /// <summary>A member that is parked in a join cannot show that it lives; it is waited for that long.</summary>
    private static readonly TimeSpan NewMember = TimeSpan.FromMinutes(5);

    public ShardTimer JoinTimer { get; } = new(Join, group);

    public ShardTimer SyncTimer { get; } = new(Sync, group);

    public void Heard(ClassicMember member, Outcome outcome) => Set(member.Id, member.SessionTimeout, outcome);

    public void Parked(ClassicMember member, Outcome outcome) => outcome.SetTimer(Of(member.Id), NewMember);

    public void Set(string member, int milliseconds, Outcome outcome) => outcome.SetTimer(Of(member), TimeSpan.FromMilliseconds(milliseconds));

    public void Stop(string member, Outcome outcome) => outcome.StopTimer(Of(member));

    private ShardTimer Of(string member) => new(Session, group, member);
}
