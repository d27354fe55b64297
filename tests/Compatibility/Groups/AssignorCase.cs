using Moldau.Coordination.Groups.Consumer.Assignors;
using Moldau.Protocol.Primitives;

namespace Moldau.Compatibility.Groups;

/// <summary>A group before an assignment, and the line in which Kafka's assignors are told of it.</summary>
internal sealed record AssignorCase(bool IsHomogeneous, IReadOnlyList<(Uuid Id, int Partitions)> Topics, IReadOnlyList<AssignorMember> Members)
{
    /// <param name="joined">The members in the order in which they joined.</param>
    public static AssignorCase Of(IReadOnlyList<(Uuid Id, int Partitions)> topics, IReadOnlyList<AssignorMember> joined) =>
        new(joined.All(member => member.Topics.SetEquals(joined[0].Topics)), topics, joined);

    public string Line(IAssignor assignor) => string.Join(' ', [assignor.Name, IsHomogeneous ? "same" : "different",
        string.Join(',', Topics.Select(topic => $"{topic.Id}={topic.Partitions}")), .. Members.Select(Word)]);

    public IReadOnlyDictionary<string, Assignment> Assign(IAssignor assignor)
    {
        var byId = Members.ToDictionary(member => member.Id);
        var ordered = MemberOrder.Of([.. Members.Select(member => member.Id)]).Select(id => byId[id]).ToList();
        return assignor.Assign(new AssignorInput(ordered, IsHomogeneous, Topics.ToDictionary(topic => topic.Id, topic => topic.Partitions))
        {
            // As the Java program has it for share groups.
            IsAssignable = assignor is SimpleAssignor ? (topic, partition) => (NumberOf(topic) + partition) % 5 != 4 : static (_, _) => true,
        });
    }

    /// <summary>As the Java program answers.</summary>
    public string Answer(IReadOnlyDictionary<string, Assignment> assigned) => string.Concat(MemberOrder.Of([.. Members.Select(member => member.Id)])
        .Select(id => $"{id}/{(assigned.TryGetValue(id, out var assignment) ? Text(assignment) : "")} "));

    private string Word(AssignorMember member) =>
        $"{member.Id}/{member.InstanceId}/{string.Join(',', member.Topics.Select(NumberOf))}/{Text(member.Assignment)}";

    private string Text(Assignment assignment) => string.Join(';', assignment.Topics.Select(topic => $"{NumberOf(topic.Key)}:{string.Join(',', topic.Value)}"));

    private int NumberOf(Uuid topic)
    {
        for (var number = 0; number < Topics.Count; number++)
        {
            if (Topics[number].Id == topic) return number;
        }

        throw new KeyNotFoundException($"{topic} is no topic of the case");
    }
}
