using System.Text.Json.Serialization;

namespace ShopApi;

[JsonSerializable(typeof(Order))]
internal sealed partial class ShopJson : JsonSerializerContext;
