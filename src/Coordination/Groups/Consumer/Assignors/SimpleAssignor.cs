namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>
/// Gives each partition to as many members of a share group as it takes for all of them to have something, and moves as few as it
/// can: Kafka's 'simple'.
/// </summary>
internal sealed class SimpleAssignor : IAssignor
{
    public string Name => "simple";

    public IReadOnlyDictionary<string, Assignment> Assign(AssignorInput input)
    {
        if (input.Members.Count == 0) return new Dictionary<string, Assignment>();
        return input.IsHomogeneous ? new SimpleOverSameTopics(input).Assign() : new SimpleOverDifferentTopics(input).Assign();
    }
}
