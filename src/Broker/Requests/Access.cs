using Moldau.Broker.Metadata.Records;
using Moldau.Broker.Security.Rules;
using Moldau.Protocol.Errors;

namespace Moldau.Broker.Requests;

/// <summary>
/// What whoever sent a request may do. It asks nothing but what the API's row lists, so that the table is the whole truth.
/// It may be kept longer than the exchange.
/// </summary>
internal readonly struct Access(ApiRow row, Authorizer? authorizer, Subject? subject)
{
    /// <summary>The only name there is of a cluster.</summary>
    public const string Cluster = "kafka-cluster";

    /// <summary>Whether nobody is refused anything: there is nothing to ask one by one.</summary>
    public bool IsOpen => authorizer is null || subject!.IsSuper;

    /// <param name="operation">What he wants to do.</param>
    /// <param name="resource">To which kind of thing.</param>
    /// <param name="name">Its name.</param>
    /// <param name="isTold">Whether a refusal is one: not where a list is only shortened, or another rule may still allow it.</param>
    public bool Allows(AclOperation operation, AclResource resource, string name, bool isTold = true)
    {
        row.MustList(operation, resource);
        return authorizer is null || Ask(operation, resource, name, isTold);
    }

    public bool AllowsCluster(AclOperation operation, bool isTold = true) => Allows(operation, AclResource.Cluster, Cluster, isTold);

    /// <summary>Whether there is any of its kind to which he may do it.</summary>
    public bool AllowsAny(AclOperation operation, AclResource resource)
    {
        row.MustList(operation, resource);
        return authorizer is null || Ask(operation, resource, null, isTold: true);
    }

    /// <exception cref="RequestRefusedException">He may not.</exception>
    public void Require(AclOperation operation, AclResource resource, string name)
    {
        if (!Allows(operation, resource, name)) throw Refused(operation, resource, name);
    }

    /// <summary>What he may do to a thing, a bit an operation.</summary>
    public int Operations(AclResource resource, string name)
    {
        var all = AllowedOperations.Of(resource);
        if (IsOpen) return all;
        var bits = 0;
        for (var operation = AclOperation.Read; operation <= AclOperation.TwoPhaseCommit; operation++)
        {
            var bit = 1 << (int)operation;
            if ((all & bit) != 0 && Ask(operation, resource, name, isTold: false)) bits |= bit;
        }

        return bits;
    }

    /// <summary>The cluster's, of whoever may know of it.</summary>
    public int ClusterOperations() => AllowsCluster(AclOperation.Describe) ? Operations(AclResource.Cluster, Cluster) : 0;

    public static RequestRefusedException Refused(AclOperation operation, AclResource resource, string name) =>
        new(ErrorOf(resource), resource == AclResource.Cluster ? $"no rule allows {operation} on the cluster" : $"no rule allows {operation} on {resource} '{name}'");

    public static ErrorCode ErrorOf(AclResource resource) => resource switch
    {
        AclResource.Topic => ErrorCode.TopicAuthorizationFailed,
        AclResource.Group => ErrorCode.GroupAuthorizationFailed,
        AclResource.TransactionalId => ErrorCode.TransactionalIdAuthorizationFailed,
        AclResource.DelegationToken => ErrorCode.DelegationTokenAuthorizationFailed,
        _ => ErrorCode.ClusterAuthorizationFailed,
    };

    private bool Ask(AclOperation operation, AclResource resource, string? name, bool isTold)
    {
        if (authorizer!.Allows(new Question(subject!, operation, resource, name))) return true;
        if (isTold) authorizer.Audit.Denied(subject!, row.Api.Key, operation, resource, name);
        return false;
    }
}
