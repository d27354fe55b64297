using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Requests;

/// <summary>An operation on a kind of resource.</summary>
internal readonly record struct AccessCheck(AclOperation Operation, AclResource Resource)
{
    /// <summary>Whether it decides over the whole request, before its handler sees it. Of several such, one is enough.</summary>
    public bool IsWhole { get; init; }
}
