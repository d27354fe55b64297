namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>Spreads partitions evenly and moves as few as it can: Kafka's 'uniform'.</summary>
internal sealed class UniformAssignor : IAssignor
{
    public string Name => "uniform";

    public IReadOnlyDictionary<string, Assignment> Assign(AssignorInput input)
    {
        if (input.Members.Count == 0) return new Dictionary<string, Assignment>();
        return input.IsHomogeneous ? new UniformOverSameTopics(input).Assign() : new UniformOverDifferentTopics(input).Assign();
    }
}
