using Moldau.Broker.Metadata.Records;

namespace Moldau.Broker.Requests;

/// <summary>What whoever asks may do, a bit an operation: everything that there is for the resource, since nobody is refused anything yet.</summary>
internal static class AllowedOperations
{
    public static readonly int Topic = Bits(
        AclOperation.Read, AclOperation.Write, AclOperation.Create, AclOperation.Delete, AclOperation.Alter, AclOperation.Describe, AclOperation.DescribeConfigs, AclOperation.AlterConfigs);

    public static readonly int Cluster = Bits(
        AclOperation.Create, AclOperation.Alter, AclOperation.Describe, AclOperation.ClusterAction, AclOperation.DescribeConfigs, AclOperation.AlterConfigs, AclOperation.IdempotentWrite);

    public static readonly int Group = Bits(AclOperation.Read, AclOperation.Delete, AclOperation.Describe, AclOperation.DescribeConfigs, AclOperation.AlterConfigs);

    private static int Bits(params ReadOnlySpan<AclOperation> operations)
    {
        var bits = 0;
        foreach (var operation in operations) bits |= 1 << (int)operation;
        return bits;
    }
}
