namespace Moldau.Coordination.Shards;

/// <summary>A timer's name. Setting one that runs already moves it.</summary>
/// <param name="Kind">What for: a constant of the machine.</param>
/// <param name="Owner">The group, or the transactional id.</param>
/// <param name="Part">The member, or whatever else has one each; empty where there is one only.</param>
public readonly record struct ShardTimer(string Kind, string Owner, string Part = "");
