namespace Moldau.Coordination.Groups;

/// <summary>From where a member speaks.</summary>
/// <param name="Id">What it calls itself.</param>
/// <param name="Host">Its address, in Kafka's form: a slash in front.</param>
public readonly record struct MemberClient(string Id, string Host);
