using System.Globalization;
using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Coordination.Groups.Streams.Assigning;
using Moldau.Coordination.Groups.Streams.Topologies;
using Moldau.Protocol.Errors;

namespace Moldau.Coordination.Groups.Streams;

/// <summary>Makes a group's targets anew when its epoch has grown: not before others had time to join, and at most once in the assignment interval.</summary>
internal sealed class StreamsTargets(StreamsGroup group, StreamsRules rules)
{
    /// <summary>The name under which a group's record holds the number of standby copies.</summary>
    private const string StandbyReplicas = "num.standby.replicas";

    private const string DelayedByStart = "Assignment delayed due to the configured initial rebalance delay.";
    private const string DelayedByInterval = "Assignment delayed due to the configured assignment interval.";

    /// <summary>Why there is no new target though one is due; null otherwise.</summary>
    public string? Delay { get; private set; }

    public static IReadOnlyList<KeyValuePair<string, string>> Settings(StreamsRules rules) =>
        [KeyValuePair.Create(StandbyReplicas, rules.StandbyReplicas.ToString(CultureInfo.InvariantCulture))];

    /// <param name="epoch">The group's, as of this event.</param>
    /// <param name="joining">The member that speaks, as of this event; null where nobody does.</param>
    /// <param name="settings">Under which the targets are made.</param>
    /// <returns>The epoch of the targets, and the member's.</returns>
    public (int Epoch, MemberTasks Target) Update(
        int epoch, StreamsMember? joining, ConfiguredTopology topology, IReadOnlyList<KeyValuePair<string, string>> settings, StreamsRecords records, long now)
    {
        var (targetEpoch, madeAt) = group.TargetEpoch.Value;
        if (group.IsDelayed)
        {
            Delay = DelayedByStart;
            return (targetEpoch, MemberTasks.Empty);
        }

        var last = joining is null ? MemberTasks.Empty : group.FindTarget(joining.Id) ?? MemberTasks.Empty;
        if (targetEpoch >= epoch) return (targetEpoch, last);
        if (madeAt != 0 && rules.AssignmentInterval != 0 && now < madeAt + rules.AssignmentInterval)
        {
            Delay = DelayedByInterval;
            return (targetEpoch, last);
        }

        var ids = MemberOrder.Of(group.MemberIds, joining?.Id).ToArray();
        var assigned = Assign(epoch, ids, joining, topology, settings);
        foreach (var id in ids)
        {
            if (group.FindTarget(id) is not { } known || !assigned[id].SameAs(known)) records.Target(id, assigned[id]);
        }

        records.TargetEpoch(epoch, now);
        return (epoch, joining is null ? MemberTasks.Empty : assigned[joining.Id]);
    }

    private Dictionary<string, MemberTasks> Assign(
        int epoch, IReadOnlyList<string> ids, StreamsMember? joining, ConfiguredTopology topology, IReadOnlyList<KeyValuePair<string, string>> settings)
    {
        if (!topology.IsReady) return ids.ToDictionary(static id => id, static _ => MemberTasks.Empty, StringComparer.Ordinal);
        var members = ids.Select(id => new TaskMember(id, id == joining?.Id ? joining.ProcessId : group.FindMember(id)!.ProcessId, group.FindTarget(id) ?? MemberTasks.Empty));
        var parts = topology.Subtopologies!.Select(static part => new TaskPart(part.Told.Id, part.TaskCount, part.HasState));
        var replicas = settings.FirstOrDefault(static setting => setting.Key == StandbyReplicas).Value;
        try
        {
            return new StickyTaskAssignor([.. members], [.. parts], replicas is null ? 0 : int.Parse(replicas, CultureInfo.InvariantCulture)).Assign();
        }
        catch (AssignorException problem)
        {
            throw new GroupRefusedException(ErrorCode.UnknownServerError, $"Failed to compute a new target assignment for epoch {epoch}: {problem.Message}");
        }
    }
}
