namespace Moldau.Client.Admin;

/// <summary>One rule of who may do what.</summary>
/// <param name="Resource">What it is about.</param>
/// <param name="Name">The resource's name or its beginning; * is every one, kafka-cluster the cluster.</param>
/// <param name="Pattern">How the name is meant.</param>
/// <param name="Principal">With the type: User:alice; User:* is everyone.</param>
/// <param name="Host">Where from; * is anywhere.</param>
/// <param name="Operation">What is done.</param>
/// <param name="Permission">Whether that is allowed or denied.</param>
public sealed record AclRule(
    AclResourceType Resource, string Name, AclPatternType Pattern, string Principal, string Host, AclOperation Operation, AclPermission Permission)
{
    public const string ClusterName = "kafka-cluster";

    public override string ToString() =>
        $"{Permission} {Principal}{(Host == "*" ? "" : $" from {Host}")} {Operation} on {Resource} {Name}{(Pattern == AclPatternType.Prefixed ? "..." : "")}";
}
