using System.Text.Json.Serialization;

namespace BillingWorker;

[JsonSerializable(typeof(Order))]
internal sealed partial class BillingJson : JsonSerializerContext;
