using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Requests;

/// <summary>What can be done to each kind of resource, a bit an operation.</summary>
internal static class AllowedOperations
{
    private static readonly int s_topic = Bits(
        AclOperation.Read, AclOperation.Write, AclOperation.Create, AclOperation.Delete, AclOperation.Alter, AclOperation.Describe, AclOperation.DescribeConfigs, AclOperation.AlterConfigs);

    private static readonly int s_cluster = Bits(
        AclOperation.Create, AclOperation.Alter, AclOperation.Describe, AclOperation.ClusterAction, AclOperation.DescribeConfigs, AclOperation.AlterConfigs, AclOperation.IdempotentWrite);

    private static readonly int s_group = Bits(AclOperation.Read, AclOperation.Delete, AclOperation.Describe, AclOperation.DescribeConfigs, AclOperation.AlterConfigs);

    public static int Of(AclResource resource) => resource switch
    {
        AclResource.Topic => s_topic,
        AclResource.Cluster => s_cluster,
        AclResource.Group => s_group,
        _ => throw new ArgumentOutOfRangeException(nameof(resource), resource, "nobody is told what may be done to it"),
    };

    private static int Bits(params ReadOnlySpan<AclOperation> operations)
    {
        var bits = 0;
        foreach (var operation in operations) bits |= 1 << (int)operation;
        return bits;
    }
}
