using Moldau.Broker.Metadata;
using Moldau.Broker.Metadata.Operations;
using Moldau.Broker.Metadata.Records;
using Moldau.Protocol.Primitives;
using Moldau.Shared.Security;

namespace Moldau.Compatibility.Clients.Security;

/// <summary>What a broker that shares knows of its user before it starts: secrets, and rules.</summary>
internal static class SharingRules
{
    public static async Task StoreAsync(IMetadataStore store)
    {
        foreach (var mechanism in new[] { ScramMechanism.Sha256, ScramMechanism.Sha512 })
            await UserCredentials.Set(store, new ScramUser(mechanism, SecuredSharing.User), SecuredSharing.Password, UserCredentials.LeastIterations, [3, 1, 4, 1, 5, 9, 2, 6]);
        await AllowAsync(store, 1, AclResource.Topic, AclPattern.Literal, SecuredSharing.OpenTopic, AclOperation.Read);
        await AllowAsync(store, 2, AclResource.Topic, AclPattern.Literal, SecuredSharing.DimTopic, AclOperation.Describe);
        await AllowAsync(store, 3, AclResource.Group, AclPattern.Prefixed, SecuredSharing.OpenGroups, AclOperation.Read);
        await AllowAsync(store, 4, AclResource.Group, AclPattern.Literal, SecuredSharing.DimGroup, AclOperation.Describe);
    }

    private static async Task AllowAsync(IMetadataStore store, ulong number, AclResource resource, AclPattern pattern, string name, AclOperation operation)
    {
        var rule = new AclRecord(resource, pattern, name, "User:" + SecuredSharing.User, "*", operation, AclPermission.Allow);
        await new AlterRecord(store).RunAsync<AclRecord>(MetadataKeys.Acl(new Uuid(1, number)), _ => rule);
    }
}
