namespace Moldau.Coordination.Groups.Streams;

/// <summary>What one member runs, or shall run. No broker makes warm-up tasks as yet, but what is stored may hold them.</summary>
/// <param name="Active">Of each task one member in the group has it.</param>
/// <param name="Standby">Copies of state, kept ready.</param>
/// <param name="Warmup">Copies that catch up, to become active.</param>
internal sealed record MemberTasks(TaskSet Active, TaskSet Standby, TaskSet Warmup)
{
    public static MemberTasks Empty { get; } = new(TaskSet.Empty, TaskSet.Empty, TaskSet.Empty);

    public bool IsEmpty => Active.IsEmpty && Standby.IsEmpty && Warmup.IsEmpty;

    public bool ContainsAny(MemberTasks other) => Active.ContainsAny(other.Active) || Standby.ContainsAny(other.Standby) || Warmup.ContainsAny(other.Warmup);

    public MemberTasks With(MemberTasks other) => new(Active.With(other.Active), Standby.With(other.Standby), Warmup.With(other.Warmup));

    /// <summary>Whatever the epochs in which they were given.</summary>
    public bool NamesSameAs(MemberTasks other) =>
        Active.Ids.SequenceEqual(other.Active.Ids) && Standby.Ids.SequenceEqual(other.Standby.Ids) && Warmup.Ids.SequenceEqual(other.Warmup.Ids);

    public bool SameAs(MemberTasks other) => Active.SameAs(other.Active) && Standby.SameAs(other.Standby) && Warmup.SameAs(other.Warmup);
}
