using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Requests;

/// <summary>An operation on a kind of resource.</summary>
internal readonly record struct AccessCheck(AclOperation Operation, AclResource Resource);
