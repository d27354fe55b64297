using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Security.Rules;

/// <summary>May somebody do something to a resource?</summary>
/// <param name="Subject">Who, from where.</param>
/// <param name="Operation">What.</param>
/// <param name="Resource">To which kind.</param>
/// <param name="Name">Of the resource; null for any of its kind.</param>
internal readonly record struct Question(Subject Subject, AclOperation Operation, AclResource Resource, string? Name)
{
    public bool Equals(Question other) =>
        Operation == other.Operation && Resource == other.Resource && string.Equals(Name, other.Name, StringComparison.Ordinal) && Subject.Equals(other.Subject);

    public override int GetHashCode() =>
        HashCode.Combine(Subject.GetHashCode(), (((int)Operation) << 8) | (int)Resource, Name is null ? 0 : Name.GetHashCode(StringComparison.Ordinal));
}
