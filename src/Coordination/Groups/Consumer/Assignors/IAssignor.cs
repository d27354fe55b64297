namespace Moldau.Coordination.Groups.Consumer.Assignors;

/// <summary>Decides which member of a group shall own which partitions.</summary>
internal interface IAssignor
{
    string Name { get; }

    /// <summary>Members that are not named get nothing. Pure: the same input gives the same assignment.</summary>
    IReadOnlyDictionary<string, Assignment> Assign(AssignorInput input);
}
